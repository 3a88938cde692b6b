//! The port's methods, each on its thread.

use async_trait::async_trait;
use domain::port::Rooms;
use domain::port::rooms::{
    Access, Act, Browse, Created, Decided, NewDirect, NewRoom, Opened, Rule,
};
use domain::{Failure, Membership, Room, RoomId, RoomName, UserId};

use super::{create, find};
use crate::SqliteStore;

pub(super) const PORT: &str = "rooms";

#[async_trait]
impl Rooms for SqliteStore {
    async fn create(&self, room: &NewRoom) -> Result<Created, Failure> {
        let room = room.clone();
        self.write(PORT, "create", move |db| create::room(db, &room))
            .await
    }

    async fn open_direct(&self, direct: &NewDirect) -> Result<Opened, Failure> {
        let direct = direct.clone();
        self.write(PORT, "open a direct room", move |db| {
            create::direct(db, &direct)
        })
        .await
    }

    async fn access(&self, room: RoomId, user: UserId) -> Result<Option<Access>, Failure> {
        self.read(PORT, "read access", move |db| find::access(db, room, user))
            .await
    }

    async fn accesses(&self, rooms: &[RoomId], user: UserId) -> Result<Vec<Access>, Failure> {
        let rooms = rooms.to_vec();
        self.read(PORT, "read accesses", move |db| {
            find::accesses(db, &rooms, user)
        })
        .await
    }

    async fn find(&self, ids: &[RoomId]) -> Result<Vec<Room>, Failure> {
        let ids = ids.to_vec();
        self.read(PORT, "find", move |db| find::these(db, &ids))
            .await
    }

    async fn browse(&self, browse: &Browse) -> Result<Vec<Room>, Failure> {
        let browse = browse.clone();
        self.read(PORT, "browse", move |db| find::browse(db, &browse))
            .await
    }

    async fn of_member(&self, user: UserId) -> Result<Vec<(Room, Membership)>, Failure> {
        self.read(PORT, "list", move |db| find::of_member(db, user))
            .await
    }

    async fn named(&self, name: &RoomName) -> Result<Option<Room>, Failure> {
        let key = name.key();
        self.read(PORT, "find by name", move |db| find::named(db, &key))
            .await
    }

    async fn decide(&self, act: &Act, rule: &Rule<'_>) -> Result<Decided, Failure> {
        self.rule_on(act, rule).await
    }
}
