//! The port's methods, each in its frame.

use async_trait::async_trait;
use domain::port::Members;
use domain::port::members::{Ban, Relation};
use domain::{Failure, Membership, Notifications, RoomId, UserId, Username};

use super::companions::Companions;
use super::living::Living;
use super::mentions::Unread;
use super::peers::Peers;
use super::relations::relations;
use super::room;
use super::rosters::{self, Rosters};
use super::small_rooms::small_rooms;
use crate::PostgresStore;
use crate::columns::{Key, keys};
use crate::failure::Call;
use crate::prelude::*;
use crate::rows::{at_most, in_order};

const fn call(action: &'static str) -> Call {
    Call {
        port: "members",
        action,
    }
}

#[async_trait]
impl Members for PostgresStore {
    async fn page(
        &self,
        room: RoomId,
        after: Option<UserId>,
        limit: usize,
    ) -> Result<Vec<Membership>, Failure> {
        self.read(call("list"), async |db| {
            room::page(db, room, after, limit).await
        })
        .await
    }

    async fn rosters(
        &self,
        rooms: &[RoomId],
        most: usize,
    ) -> Result<Vec<(RoomId, Vec<UserId>)>, Failure> {
        self.read(call("list by room"), async |db| {
            let asked = Rosters::of(rooms, most);
            let seats: Vec<_> = asked.load(db).await?;
            Ok(rosters::by_room(&seats))
        })
        .await
    }

    async fn find(&self, room: RoomId, users: &[UserId]) -> Result<Vec<Membership>, Failure> {
        self.read(call("find"), async |db| room::find(db, room, users).await)
            .await
    }

    async fn find_ever(&self, room: RoomId, users: &[UserId]) -> Result<Vec<Membership>, Failure> {
        self.read(call("find with tombstones"), async |db| {
            room::find_ever(db, room, users).await
        })
        .await
    }

    async fn named(&self, room: RoomId, names: &[Username]) -> Result<Vec<UserId>, Failure> {
        self.read(call("find by name"), async |db| {
            room::named(db, room, names).await
        })
        .await
    }

    async fn bans(&self, room: RoomId) -> Result<Vec<Ban>, Failure> {
        self.read(call("list bans"), async |db| room::bans(db, room).await)
            .await
    }

    async fn notify(
        &self,
        room: RoomId,
        user: UserId,
        notifications: Notifications,
    ) -> Result<bool, Failure> {
        self.change(call("set notifications"), async |db| {
            room::notify(db, room, user, notifications).await
        })
        .await
    }

    async fn companions(&self, user: UserId, among: &[UserId]) -> Result<Vec<UserId>, Failure> {
        self.read(call("find companions"), async |db| {
            let asked = Companions {
                user: Key(user),
                among: keys(among),
            };
            let found: Vec<Key<UserId>> = asked.load(db).await?;
            let found = found.into_iter().map(|key| key.0).collect();
            Ok(in_order(among, found, |user| *user))
        })
        .await
    }

    async fn peers(
        &self,
        user: UserId,
        after: Option<UserId>,
        limit: usize,
    ) -> Result<Vec<UserId>, Failure> {
        self.read(call("list peers"), async |db| {
            let asked = Peers {
                user: Key(user),
                after: Key(after.unwrap_or(room::START)),
                limit: at_most(limit),
            };
            let found: Vec<Key<UserId>> = asked.load(db).await?;
            Ok(found.into_iter().map(|key| key.0).collect())
        })
        .await
    }

    async fn small_rooms(
        &self,
        user: UserId,
        most_members: i64,
        limit: usize,
    ) -> Result<Vec<RoomId>, Failure> {
        self.read(call("list small rooms"), async |db| {
            small_rooms(db, user, most_members, limit).await
        })
        .await
    }

    async fn living(&self, pairs: &[(RoomId, UserId)]) -> Result<Vec<(RoomId, UserId)>, Failure> {
        self.read(call("check"), async |db| {
            let found: Vec<(Key<RoomId>, Key<UserId>)> = Living::of(pairs).load(db).await?;
            let found = found.into_iter().map(|(room, user)| (room.0, user.0));
            Ok(found.collect())
        })
        .await
    }

    async fn relations(
        &self,
        user: UserId,
        after: Option<RoomId>,
        limit: usize,
    ) -> Result<Vec<Relation>, Failure> {
        self.read(call("read relations"), async |db| {
            relations(db, user, after, limit).await
        })
        .await
    }

    async fn mentions(
        &self,
        user: UserId,
        rooms: &[RoomId],
    ) -> Result<Vec<(RoomId, i64)>, Failure> {
        self.read(call("count mentions"), async |db| {
            let asked = Unread {
                user: Key(user),
                rooms: keys(rooms),
            };
            let counts: Vec<(Key<RoomId>, i64)> = asked.load(db).await?;
            let counts = counts.into_iter().map(|(room, count)| (room.0, count));
            Ok(in_order(rooms, counts.collect(), |(room, _)| *room))
        })
        .await
    }
}
