//! Reading memberships, and the settings that members change for themselves.

use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::ops::Bound::{Excluded, Unbounded};

use async_trait::async_trait;
use domain::port::Members;
use domain::port::members::{Ban, Relation};
use domain::{Failure, Membership, Notifications, RoomId, UserId, Username};

use crate::MemoryStore;
use crate::state::{RoomRow, State};

#[async_trait]
impl Members for MemoryStore {
    async fn page(
        &self,
        room: RoomId,
        after: Option<UserId>,
        limit: usize,
    ) -> Result<Vec<Membership>, Failure> {
        let state = self.state();
        let members = state.rooms.get(&room).into_iter();
        Ok(members
            .flat_map(|row| row.living_after(after))
            .take(limit)
            .cloned()
            .collect())
    }

    async fn rosters(
        &self,
        rooms: &[RoomId],
        most: usize,
    ) -> Result<Vec<(RoomId, Vec<UserId>)>, Failure> {
        let state = self.state();
        let rosters = rooms.iter().filter_map(|room| {
            let living = state.rooms.get(room)?.living_after(None);
            let users: Vec<UserId> = living.take(most).map(|member| member.user).collect();
            (!users.is_empty()).then_some((*room, users))
        });
        Ok(rosters.collect())
    }

    async fn find(&self, room: RoomId, users: &[UserId]) -> Result<Vec<Membership>, Failure> {
        let state = self.state();
        let Some(row) = state.rooms.get(&room) else {
            return Ok(Vec::new());
        };
        let found = users.iter().filter_map(|user| row.member(*user));
        Ok(found.cloned().collect())
    }

    async fn find_ever(&self, room: RoomId, users: &[UserId]) -> Result<Vec<Membership>, Failure> {
        let state = self.state();
        let Some(row) = state.rooms.get(&room) else {
            return Ok(Vec::new());
        };
        let found = users.iter().filter_map(|user| row.members.get(user));
        Ok(found.cloned().collect())
    }

    async fn named(&self, room: RoomId, names: &[Username]) -> Result<Vec<UserId>, Failure> {
        let state = self.state();
        let Some(row) = state.rooms.get(&room) else {
            return Ok(Vec::new());
        };
        let people = names.iter().filter_map(|n| state.usernames.get(&n.key()));
        let members = people.filter(|user| row.member(**user).is_some());
        Ok(members.copied().collect())
    }

    async fn bans(&self, room: RoomId) -> Result<Vec<Ban>, Failure> {
        let state = self.state();
        let rows = state.rooms.get(&room).into_iter();
        let mut bans: Vec<Ban> = rows.flat_map(|row| row.bans.values()).copied().collect();
        bans.sort_by_key(|ban| Reverse((ban.at, ban.user)));
        Ok(bans)
    }

    async fn notify(
        &self,
        room: RoomId,
        user: UserId,
        notifications: Notifications,
    ) -> Result<bool, Failure> {
        let mut state = self.state();
        let row = state.rooms.get_mut(&room);
        let Some(member) = row.and_then(|row| row.member_mut(user)) else {
            return Ok(false);
        };
        member.notifications = notifications;
        Ok(true)
    }

    async fn companions(&self, user: UserId, among: &[UserId]) -> Result<Vec<UserId>, Failure> {
        let state = self.state();
        let shares = |other: &UserId| state.rooms_of(user).any(|row| row.member(*other).is_some());
        Ok(among
            .iter()
            .filter(|other| shares(other))
            .copied()
            .collect())
    }

    async fn peers(
        &self,
        user: UserId,
        after: Option<UserId>,
        limit: usize,
    ) -> Result<Vec<UserId>, Failure> {
        let state = self.state();
        let people = state.rooms_of(user).flat_map(RoomRow::living);
        let mut peers: BTreeSet<UserId> = people.map(|member| member.user).collect();
        peers.remove(&user);
        let start = after.map_or(Unbounded, Excluded);
        Ok(peers
            .range((start, Unbounded))
            .take(limit)
            .copied()
            .collect())
    }

    async fn small_rooms(
        &self,
        user: UserId,
        most_members: i64,
        limit: usize,
    ) -> Result<Vec<RoomId>, Failure> {
        let state = self.state();
        let small = state
            .rooms_of(user)
            .filter(|row| row.room.member_count <= most_members);
        let mut rooms: Vec<RoomId> = small.map(|row| row.room.id).collect();
        rooms.sort_unstable_by_key(|room| Reverse(*room));
        rooms.truncate(limit);
        Ok(rooms)
    }

    async fn living(&self, pairs: &[(RoomId, UserId)]) -> Result<Vec<(RoomId, UserId)>, Failure> {
        let state = self.state();
        let belongs = |(room, user): &(RoomId, UserId)| {
            let row = state.rooms.get(room);
            row.is_some_and(|row| row.member(*user).is_some())
        };
        let pairs: BTreeSet<(RoomId, UserId)> = pairs.iter().copied().collect();
        Ok(pairs.into_iter().filter(belongs).collect())
    }

    async fn relations(
        &self,
        user: UserId,
        after: Option<RoomId>,
        limit: usize,
    ) -> Result<Vec<Relation>, Failure> {
        let state = self.state();
        let from = after.map_or(Unbounded, Excluded);
        let rooms = state.rooms.range((from, Unbounded));
        let relations = rooms.map(|(room, row)| Relation {
            room: *room,
            membership: row.members.get(&user).cloned(),
        });
        Ok(relations.take(limit).collect())
    }

    async fn mentions(
        &self,
        user: UserId,
        rooms: &[RoomId],
    ) -> Result<Vec<(RoomId, i64)>, Failure> {
        let state = self.state();
        let counts = rooms
            .iter()
            .map(|room| (*room, state.mentions(user, *room)));
        Ok(counts.filter(|(_, count)| *count > 0).collect())
    }
}

impl State {
    fn mentions(&self, user: UserId, room: RoomId) -> i64 {
        let Some((row, member)) = self
            .rooms
            .get(&room)
            .and_then(|row| Some((row, row.member(user)?)))
        else {
            return 0;
        };
        let unread = row.log.range((Excluded(member.cursors.read), Unbounded));
        let count = unread
            .filter(|(_, row)| row.message.mentions.contains(&user))
            .count();
        i64::try_from(count).unwrap_or(i64::MAX)
    }
}
