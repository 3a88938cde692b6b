//! The port's methods, each in its frame.

use async_trait::async_trait;
use domain::port::Rooms;
use domain::port::rooms::{
    Access, Act, Browse, Created, Decided, NewDirect, NewRoom, Opened, Rule,
};
use domain::{Failure, Membership, Room, RoomId, RoomName, UserId};

use super::accesses::{AccessRow, Accesses, read_access};
use super::{browse, create, decide, find};
use crate::PostgresStore;
use crate::failure::Call;
use crate::prelude::*;

const fn call(action: &'static str) -> Call {
    Call {
        port: "rooms",
        action,
    }
}

#[async_trait]
impl Rooms for PostgresStore {
    async fn create(&self, room: &NewRoom) -> Result<Created, Failure> {
        self.transact(call("create"), async |db| create::room(db, room).await)
            .await
    }

    async fn open_direct(&self, direct: &NewDirect) -> Result<Opened, Failure> {
        self.transact(call("open a direct room"), async |db| {
            create::direct(db, direct).await
        })
        .await
    }

    async fn access(&self, room: RoomId, user: UserId) -> Result<Option<Access>, Failure> {
        self.read(call("read access"), async |db| {
            find::access(db, room, user).await
        })
        .await
    }

    async fn accesses(&self, rooms: &[RoomId], user: UserId) -> Result<Vec<Access>, Failure> {
        self.read(call("read accesses"), async |db| {
            let found: Vec<AccessRow> = Accesses::of(rooms, user).load(db).await?;
            found.into_iter().map(read_access).collect()
        })
        .await
    }

    async fn find(&self, ids: &[RoomId]) -> Result<Vec<Room>, Failure> {
        self.read(call("find"), async |db| find::these(db, ids).await)
            .await
    }

    async fn browse(&self, browse: &Browse) -> Result<Vec<Room>, Failure> {
        self.read(call("browse"), async |db| browse::page(db, browse).await)
            .await
    }

    async fn of_member(&self, user: UserId) -> Result<Vec<(Room, Membership)>, Failure> {
        self.read(call("list"), async |db| find::of_member(db, user).await)
            .await
    }

    async fn named(&self, name: &RoomName) -> Result<Option<Room>, Failure> {
        let key = name.key();
        self.read(call("find by name"), async |db| {
            browse::named(db, &key).await
        })
        .await
    }

    async fn decide(&self, act: &Act, rule: &Rule<'_>) -> Result<Decided, Failure> {
        self.transact(call("decide"), async |db| {
            decide::decide(db, act, rule).await
        })
        .await
    }
}
