//! The port's methods, each in its frame.

use std::collections::BTreeSet;

use async_trait::async_trait;
use domain::port::Members;
use domain::port::members::{Ban, Relation};
use domain::{Failure, Membership, Notifications, RoomId, UserId, Username};

use super::{person, room};
use crate::SqliteStore;

const PORT: &str = "members";

#[async_trait]
impl Members for SqliteStore {
    async fn page(
        &self,
        room: RoomId,
        after: Option<UserId>,
        limit: usize,
    ) -> Result<Vec<Membership>, Failure> {
        self.read(PORT, "list", move |db| room::page(db, room, after, limit))
            .await
    }

    async fn rosters(
        &self,
        rooms: &[RoomId],
        most: usize,
    ) -> Result<Vec<(RoomId, Vec<UserId>)>, Failure> {
        let rooms = rooms.to_vec();
        self.read(PORT, "list by room", move |db| {
            room::rosters(db, &rooms, most)
        })
        .await
    }

    async fn find(&self, room: RoomId, users: &[UserId]) -> Result<Vec<Membership>, Failure> {
        let users = users.to_vec();
        self.read(PORT, "find", move |db| room::find(db, room, &users))
            .await
    }

    async fn find_ever(&self, room: RoomId, users: &[UserId]) -> Result<Vec<Membership>, Failure> {
        let users = users.to_vec();
        self.read(PORT, "find with tombstones", move |db| {
            room::find_ever(db, room, &users)
        })
        .await
    }

    async fn named(&self, room: RoomId, names: &[Username]) -> Result<Vec<UserId>, Failure> {
        let names: Vec<String> = names.iter().map(Username::key).collect();
        self.read(PORT, "find by name", move |db| {
            room::named(db, room, &names)
        })
        .await
    }

    async fn bans(&self, room: RoomId) -> Result<Vec<Ban>, Failure> {
        self.read(PORT, "list bans", move |db| room::bans(db, room))
            .await
    }

    async fn notify(
        &self,
        room: RoomId,
        user: UserId,
        notifications: Notifications,
    ) -> Result<bool, Failure> {
        self.write(PORT, "set notifications", move |db| {
            room::notify(db, room, user, notifications)
        })
        .await
    }

    async fn companions(&self, user: UserId, among: &[UserId]) -> Result<Vec<UserId>, Failure> {
        let among = among.to_vec();
        self.read(PORT, "find companions", move |db| {
            person::companions(db, user, &among)
        })
        .await
    }

    async fn peers(
        &self,
        user: UserId,
        after: Option<UserId>,
        limit: usize,
    ) -> Result<Vec<UserId>, Failure> {
        self.read(PORT, "list peers", move |db| {
            person::peers(db, user, after, limit)
        })
        .await
    }

    async fn small_rooms(
        &self,
        user: UserId,
        most_members: i64,
        limit: usize,
    ) -> Result<Vec<RoomId>, Failure> {
        self.read(PORT, "list small rooms", move |db| {
            person::small_rooms(db, user, most_members, limit)
        })
        .await
    }

    async fn living(&self, pairs: &[(RoomId, UserId)]) -> Result<Vec<(RoomId, UserId)>, Failure> {
        let pairs: BTreeSet<(RoomId, UserId)> = pairs.iter().copied().collect();
        self.read(PORT, "check", move |db| room::belonging(db, pairs))
            .await
    }

    async fn relations(
        &self,
        user: UserId,
        after: Option<RoomId>,
        limit: usize,
    ) -> Result<Vec<Relation>, Failure> {
        self.read(PORT, "read relations", move |db| {
            person::relations(db, user, after, limit)
        })
        .await
    }

    async fn mentions(
        &self,
        user: UserId,
        rooms: &[RoomId],
    ) -> Result<Vec<(RoomId, i64)>, Failure> {
        let rooms = rooms.to_vec();
        self.read(PORT, "count mentions", move |db| {
            person::unread(db, user, &rooms)
        })
        .await
    }
}
