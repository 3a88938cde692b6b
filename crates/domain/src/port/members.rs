//! Reading memberships, and each member's own settings.

use async_trait::async_trait;

use crate::{Failure, Membership, Notifications, RoomId, Timestamp, UserId, Username};

/// A user who is banned from a room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ban {
    /// The user.
    pub user: UserId,
    /// When they were banned.
    pub at: Timestamp,
    /// Who banned them.
    pub by: UserId,
}

/// A room and a user's relation to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Relation {
    /// The room.
    pub room: RoomId,
    /// Their membership or its tombstone; `None` if they were never a member.
    pub membership: Option<Membership>,
}

/// Reads memberships. Changes to them go through [`Rooms::decide`](super::Rooms::decide).
///
/// It has more methods than other ports: all but one read the same rows, each in the shape that its
/// callers need.
///
/// # Obligations
/// - `members_are_listed_by_id`: current ones only, page by page, each once.
/// - `rosters_name_the_first_members`: of each room, by id; rooms without any are left out.
/// - `find_leaves_out_who_does_not_belong`.
/// - `find_ever_tells_how_somebody_left`: current memberships and tombstones, except in deleted rooms.
/// - `members_are_found_by_username`: in the order of the names, ignoring case; users who are not members
///   are left out.
/// - `bans_are_listed_newest_first`.
/// - `notifications_are_the_members_own`: stored with the membership, without using a rev.
/// - `companions_share_a_room`: those of the given users who share any existing room with the user.
/// - `peers_are_listed_once`: every other user who shares a room, by id, page by page.
/// - `small_rooms_are_told_from_large_ones`: the user's existing rooms with at most the given number of
///   members, newest room first, up to the limit.
/// - `living_pairs_are_told_from_others`: for thousands of pairs in one snapshot, each once, in any order.
/// - `relations_tell_of_every_room`: every existing room by id, page by page, each once, with the user's
///   membership or its tombstone.
/// - `mentions_are_counted_until_read`: per room, in undeleted messages after the read cursor; former
///   members have none.
#[async_trait]
pub trait Members: Send + Sync + 'static {
    /// A room's members by id, starting after one of them.
    async fn page(
        &self,
        room: RoomId,
        after: Option<UserId>,
        limit: usize,
    ) -> Result<Vec<Membership>, Failure>;

    /// The first members of each of these rooms by id, at most `most` per room.
    async fn rosters(
        &self,
        rooms: &[RoomId],
        most: usize,
    ) -> Result<Vec<(RoomId, Vec<UserId>)>, Failure>;

    /// The memberships of these users in a room.
    async fn find(&self, room: RoomId, users: &[UserId]) -> Result<Vec<Membership>, Failure>;

    /// The memberships of these users in a room, including the tombstones of former members.
    async fn find_ever(&self, room: RoomId, users: &[UserId]) -> Result<Vec<Membership>, Failure>;

    /// The members of a room with these usernames.
    async fn named(&self, room: RoomId, names: &[Username]) -> Result<Vec<UserId>, Failure>;

    /// The users who are banned from a room.
    async fn bans(&self, room: RoomId) -> Result<Vec<Ban>, Failure>;

    /// Stores how a member wants to be notified; returns whether they are a member.
    async fn notify(
        &self,
        room: RoomId,
        user: UserId,
        notifications: Notifications,
    ) -> Result<bool, Failure>;

    /// Those of these users who share a room with a user.
    async fn companions(&self, user: UserId, among: &[UserId]) -> Result<Vec<UserId>, Failure>;

    /// The users who share a room with a user, by id, starting after one of them.
    async fn peers(
        &self,
        user: UserId,
        after: Option<UserId>,
        limit: usize,
    ) -> Result<Vec<UserId>, Failure>;

    /// A user's rooms with at most `most_members` members.
    async fn small_rooms(
        &self,
        user: UserId,
        most_members: i64,
        limit: usize,
    ) -> Result<Vec<RoomId>, Failure>;

    /// Those of these pairs in which the user is a member of the room.
    async fn living(&self, pairs: &[(RoomId, UserId)]) -> Result<Vec<(RoomId, UserId)>, Failure>;

    /// All rooms by id, starting after one of them, and a user's relation to each.
    async fn relations(
        &self,
        user: UserId,
        after: Option<RoomId>,
        limit: usize,
    ) -> Result<Vec<Relation>, Failure>;

    /// How many unread messages of each room mention a user. Rooms without any are left out.
    async fn mentions(&self, user: UserId, rooms: &[RoomId])
    -> Result<Vec<(RoomId, i64)>, Failure>;
}
