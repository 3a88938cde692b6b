//! Making rooms.

use std::collections::BTreeSet;

use domain::port::rooms::{Created, NewDirect, NewRoom, Opened};
use domain::{
    Cursors, Failure, History, Invite, InviteCode, Membership, Notifications, Rev, Role, Room,
    RoomId, RoomKind, Seq, Timestamp, UserId,
};

use crate::state::{RoomRow, State};

impl State {
    pub(super) fn create_room(&mut self, new: &NewRoom) -> Result<Created, Failure> {
        let breakage = |what: String| Err(Failure::lasting("rooms", "create", what));
        let others = new.members.iter().copied();
        if let Some(stranger) = self.stranger([new.owner].into_iter().chain(others)) {
            return breakage(stranger);
        }
        if self.has_had_room(new.id) {
            return breakage("the id is in use".to_owned());
        }
        if let Some(code) = &new.standing_invite
            && self.invites.contains_key(code)
        {
            return breakage("the invite code is in use".to_owned());
        }
        let key = new.name.key();
        if new.unique_name && self.public_rooms_named(&key).next().is_some() {
            return Ok(Created::NameTaken);
        }

        if let Some(code) = &new.standing_invite {
            self.keep_invite(standing_invite(new.id, code.clone(), new.owner, new.at));
        }
        let row = self.settle_room(blank_room(new), &members_of(new), new.at);
        self.events.extend(&new.events);
        Ok(Created::Made(row))
    }

    pub(super) fn open_direct(&mut self, new: &NewDirect) -> Result<Opened, Failure> {
        let known = self.directs.get(&new.pair);
        if let Some(row) = known.and_then(|id| self.rooms.get(id)) {
            return Ok(Opened {
                room: row.room.clone(),
                fresh: false,
            });
        }
        let pair = [new.pair.low(), new.pair.high()];
        if let Some(stranger) = self.stranger(pair) {
            return Err(Failure::lasting("rooms", "open_direct", stranger));
        }
        if self.has_had_room(new.id) {
            return Err(Failure::lasting("rooms", "open_direct", "the id is in use"));
        }

        self.directs.insert(new.pair, new.id);
        let room = Room {
            kind: RoomKind::Direct(new.pair),
            ..nobodys_room(new.id, new.at)
        };
        let members = pair.map(|user| (user, Role::Member));
        let room = self.settle_room(room, &members, new.at);
        self.events.extend(&new.events);
        Ok(Opened { room, fresh: true })
    }

    /// Keeps an invite.
    pub(crate) fn keep_invite(&mut self, invite: Invite) {
        self.invites.insert(invite.code.clone(), invite);
    }

    fn has_had_room(&self, id: RoomId) -> bool {
        self.rooms.contains_key(&id) || self.gone.contains_key(&id)
    }

    fn settle_room(&mut self, room: Room, members: &[(UserId, Role)], at: Timestamp) -> Room {
        let id = room.id;
        let mut row = RoomRow::new(room);
        for (user, role) in members {
            row.room.member_count = row.room.member_count.saturating_add(1);
            row.put_member(Membership {
                role: *role,
                ..newcomer(id, *user, Seq::ZERO, at)
            });
            self.belonging.entry(*user).or_default().insert(id);
        }
        let room = row.room.clone();
        self.rooms.insert(id, row);
        room
    }
}

/// A membership that begins now.
pub(super) fn newcomer(room: RoomId, user: UserId, from: Seq, at: Timestamp) -> Membership {
    Membership {
        room,
        user,
        role: Role::Member,
        joined_at: at,
        left_at: None,
        from_seq: from,
        rev: Rev::ZERO,
        cursors: Cursors::default().moved(Some(from), Some(from)),
        silenced_until: None,
        notifications: Notifications::On,
    }
}

/// The invite that a private room has at hand.
pub(super) fn standing_invite(room: RoomId, code: InviteCode, by: UserId, at: Timestamp) -> Invite {
    Invite {
        code,
        room,
        created_by: by,
        created_at: at,
        expires_at: None,
        max_uses: None,
        uses: 0,
        revoked_at: None,
    }
}

/// Who is in a room from the start, the owner first, each once.
fn members_of(new: &NewRoom) -> Vec<(UserId, Role)> {
    let mut seen = BTreeSet::from([new.owner]);
    let others = new.members.iter().filter(|user| seen.insert(**user));
    [(new.owner, Role::Owner)]
        .into_iter()
        .chain(others.map(|user| (*user, Role::Member)))
        .collect()
}

fn blank_room(new: &NewRoom) -> Room {
    let kind = match new.standing_invite {
        Some(_) => RoomKind::Private,
        None => RoomKind::Public,
    };
    Room {
        kind,
        name: Some(new.name.clone()),
        description: new.description.clone(),
        owner: Some(new.owner),
        history: new.history,
        standing_invite: new.standing_invite.clone(),
        ..nobodys_room(new.id, new.at)
    }
}

fn nobodys_room(id: RoomId, at: Timestamp) -> Room {
    let first = Rev::ZERO.next();
    Room {
        id,
        kind: RoomKind::Private,
        name: None,
        description: None,
        owner: None,
        history: History::All,
        standing_invite: None,
        member_count: 0,
        created_at: at,
        updated_at: at,
        active_at: at,
        rev: first,
        last_seq: Seq::ZERO,
        last_rev: first,
    }
}
