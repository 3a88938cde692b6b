//! Storing what steps have changed. Nothing here can fail.

use domain::Membership;
use domain::port::rooms::Act;
use domain::stepping::{BanChange, Changes, InviteChange};

use crate::state::{RoomRow, State};

impl State {
    pub(super) fn keep(&mut self, act: &Act, changes: &Changes) {
        let Some(row) = self.rooms.get_mut(&act.room) else {
            return;
        };
        for seat in &changes.seats {
            row.keep_member(seat.clone());
        }
        row.keep_room(changes.outcome.room.clone());
        for change in &changes.bans {
            keep_ban(row, change);
        }
        for seat in &changes.seats {
            self.keep_belonging(seat);
        }
        for change in &changes.invites {
            self.keep_invite_change(act, change);
        }
        if changes.outcome.deleted
            && let Some(row) = self.rooms.remove(&act.room)
        {
            self.gone.insert(act.room, row);
        }
    }

    fn keep_belonging(&mut self, seat: &Membership) {
        let rooms = self.belonging.entry(seat.user).or_default();
        if seat.left_at.is_none() {
            rooms.insert(seat.room);
        } else {
            rooms.remove(&seat.room);
        }
    }

    fn keep_invite_change(&mut self, act: &Act, change: &InviteChange) {
        match change {
            InviteChange::Spent(code) => {
                let invite = self.invites.get_mut(code);
                if let Some(invite) = invite.filter(|invite| invite.room == act.room) {
                    invite.uses = invite.uses.saturating_add(1);
                }
            }
            InviteChange::Made(invite) => self.keep_invite(invite.clone()),
            InviteChange::AllRevoked => {
                let invites = self.invites.values_mut();
                for invite in invites.filter(|invite| invite.room == act.room) {
                    invite.revoked_at.get_or_insert(act.at);
                }
            }
        }
    }
}

fn keep_ban(row: &mut RoomRow, change: &BanChange) {
    match change {
        BanChange::Set(ban) => {
            row.bans.entry(ban.user).or_insert(*ban);
        }
        BanChange::Lifted(user) => {
            row.bans.remove(user);
        }
    }
}
