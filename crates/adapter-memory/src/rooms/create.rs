//! Creating rooms.

use domain::port::rooms::{Created, NewDirect, NewRoom, Opened};
use domain::{Failure, Invite, Membership, Role, Room, RoomId, UserId};

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

        if let Some(invite) = new.invite() {
            self.keep_invite(invite);
        }
        let room = self.settle_room(new.room(), &new.seats());
        self.events.extend(&new.events);
        Ok(Created::Made(room))
    }

    pub(super) fn open_direct(&mut self, new: &NewDirect) -> Result<Opened, Failure> {
        let known = self.directs.get(&new.pair);
        if let Some(row) = known.and_then(|id| self.rooms.get(id)) {
            return Ok(Opened {
                room: row.room.clone(),
                fresh: false,
            });
        }
        let both = new.seats();
        if let Some(stranger) = self.stranger(both.map(|(user, _)| user)) {
            return Err(Failure::lasting("rooms", "open_direct", stranger));
        }
        if self.has_had_room(new.id) {
            return Err(Failure::lasting("rooms", "open_direct", "the id is in use"));
        }

        self.directs.insert(new.pair, new.id);
        let room = self.settle_room(new.room(), &both);
        self.events.extend(&new.events);
        Ok(Opened { room, fresh: true })
    }

    /// Stores an invite.
    pub(crate) fn keep_invite(&mut self, invite: Invite) {
        self.invites.insert(invite.code.clone(), invite);
    }

    fn has_had_room(&self, id: RoomId) -> bool {
        self.rooms.contains_key(&id) || self.gone.contains_key(&id)
    }

    fn settle_room(&mut self, room: Room, seats: &[(UserId, Role)]) -> Room {
        let id = room.id;
        let mut row = RoomRow::new(room);
        for (user, role) in seats {
            row.room.member_count = row.room.member_count.saturating_add(1);
            row.put_member(Membership {
                role: *role,
                ..Membership::begin(&row.room, *user, row.room.created_at)
            });
            self.belonging.entry(*user).or_default().insert(id);
        }
        let room = row.room.clone();
        self.rooms.insert(id, row);
        room
    }
}
