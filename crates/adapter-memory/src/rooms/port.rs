//! The port, and reading.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use async_trait::async_trait;
use domain::port::Rooms;
use domain::port::rooms::{
    Access, Act, Browse, Created, Decided, NewDirect, NewRoom, Opened, Rule,
};
use domain::{Failure, Membership, Room, RoomId, RoomKind, RoomName, UserId};

use crate::MemoryStore;
use crate::state::{RoomRow, State};

#[async_trait]
impl Rooms for MemoryStore {
    async fn create(&self, room: &NewRoom) -> Result<Created, Failure> {
        self.state().create_room(room)
    }

    async fn open_direct(&self, direct: &NewDirect) -> Result<Opened, Failure> {
        self.state().open_direct(direct)
    }

    async fn access(&self, room: RoomId, user: UserId) -> Result<Option<Access>, Failure> {
        Ok(self.state().access(room, user))
    }

    async fn accesses(&self, rooms: &[RoomId], user: UserId) -> Result<Vec<Access>, Failure> {
        let state = self.state();
        let rooms: BTreeSet<RoomId> = rooms.iter().copied().collect();
        let known = rooms
            .into_iter()
            .filter_map(|room| state.access(room, user));
        Ok(known.collect())
    }

    async fn find(&self, ids: &[RoomId]) -> Result<Vec<Room>, Failure> {
        let state = self.state();
        let found = ids.iter().filter_map(|id| state.rooms.get(id));
        Ok(found.map(|row| row.room.clone()).collect())
    }

    async fn browse(&self, browse: &Browse) -> Result<Vec<Room>, Failure> {
        Ok(self.state().browse(browse))
    }

    async fn of_member(&self, user: UserId) -> Result<Vec<(Room, Membership)>, Failure> {
        let state = self.state();
        let mut rooms: Vec<_> = state
            .rooms_of(user)
            .filter_map(|row| Some((row.room.clone(), row.member(user)?.clone())))
            .collect();
        rooms.sort_by_key(|(room, _)| Reverse((room.active_at, room.id)));
        Ok(rooms)
    }

    async fn named(&self, name: &RoomName) -> Result<Option<Room>, Failure> {
        let key = name.key();
        Ok(self
            .state()
            .public_rooms_named(&key)
            .min_by_key(|room| (room.created_at, room.id))
            .cloned())
    }

    async fn decide(&self, act: &Act, rule: &Rule<'_>) -> Result<Decided, Failure> {
        self.state().decide(act, rule)
    }
}

impl State {
    fn access(&self, room: RoomId, user: UserId) -> Option<Access> {
        self.rooms.get(&room).map(|row| Access {
            room: row.room.clone(),
            membership: row.member(user).cloned(),
            banned: row.bans.contains_key(&user),
        })
    }

    /// The public rooms with a name, in the spelling of [`RoomName::key`].
    pub(super) fn public_rooms_named(&self, key: &str) -> impl Iterator<Item = &Room> {
        self.rooms
            .values()
            .map(|row| &row.room)
            .filter(|room| room.kind == RoomKind::Public)
            .filter(move |room| room.name.as_ref().is_some_and(|name| name.key() == key))
    }

    fn browse(&self, browse: &Browse) -> Vec<Room> {
        let shown = |row: &RoomRow| match row.room.kind {
            RoomKind::Public => true,
            RoomKind::Private => row.member(browse.user).is_some(),
            RoomKind::Direct(_) => false,
        };
        let named = |row: &RoomRow| {
            let key = row.room.name.as_ref().map(RoomName::key);
            browse
                .contains
                .as_deref()
                .is_none_or(|part| key.is_some_and(|key| key.contains(part)))
        };
        self.rooms
            .values()
            .rev()
            .filter(|row| browse.before.is_none_or(|before| row.room.id < before))
            .filter(|row| shown(row) && named(row))
            .take(browse.limit)
            .map(|row| row.room.clone())
            .collect()
    }
}
