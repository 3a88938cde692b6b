//! Reading who belongs where, and what members settle for themselves.

use async_trait::async_trait;

use crate::{Failure, Membership, Notifications, RoomId, Timestamp, UserId, Username};

/// Someone who is shut out of a room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ban {
    /// Who.
    pub user: UserId,
    /// Since when.
    pub at: Timestamp,
    /// By whom.
    pub by: UserId,
}

/// A room, and what somebody has to do with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passage {
    /// Which room.
    pub room: RoomId,
    /// Their membership, or the tombstone of one; nothing where they never belonged.
    pub membership: Option<Membership>,
}

/// Reads memberships. What changes them goes through [`Rooms::decide`](super::Rooms::decide).
///
/// It has more methods than other ports: all but one read the same rows, each in the shape in which they
/// are asked for.
///
/// # Obligations
/// - `members_are_listed_by_id`: living ones only, page after page, each once.
/// - `rosters_name_the_first_members`: of each room, by id; rooms without any are left out.
/// - `find_leaves_out_who_does_not_belong`.
/// - `find_ever_tells_how_somebody_left`: living memberships and tombstones, not of deleted rooms.
/// - `members_are_found_by_username`: in any case; who does not belong is left out.
/// - `bans_are_listed_newest_first`.
/// - `notifications_are_the_members_own`: kept with the membership, without a rev.
/// - `companions_share_a_room`: of those asked about, who shares any living room with the person.
/// - `peers_are_listed_once`: each other person who shares a room, by id, page after page.
/// - `circles_are_rooms_of_so_many`: living rooms that the person belongs to, the youngest room first, at
///   most so many.
/// - `living_pairs_are_told_from_others`: of thousands in one snapshot, each once, in any order.
/// - `passages_tell_of_every_room`: every living room by id, page after page, each once, with the person's
///   membership or its tombstone.
/// - `mentions_are_counted_until_read`: per room, of messages after the read cursor that stand; those
///   who left are told of none.
#[async_trait]
pub trait Members: Send + Sync + 'static {
    /// A room's members by id, after one of them.
    async fn page(
        &self,
        room: RoomId,
        after: Option<UserId>,
        limit: usize,
    ) -> Result<Vec<Membership>, Failure>;

    /// The first members of each of these rooms by id, at most so many.
    async fn rosters(
        &self,
        rooms: &[RoomId],
        most: usize,
    ) -> Result<Vec<(RoomId, Vec<UserId>)>, Failure>;

    /// The memberships of these people in a room.
    async fn find(&self, room: RoomId, users: &[UserId]) -> Result<Vec<Membership>, Failure>;

    /// The memberships of these people in a room, and the tombstones of those who left.
    async fn find_ever(&self, room: RoomId, users: &[UserId]) -> Result<Vec<Membership>, Failure>;

    /// The members of a room with these usernames.
    async fn named(&self, room: RoomId, names: &[Username]) -> Result<Vec<UserId>, Failure>;

    /// Who is shut out of a room.
    async fn bans(&self, room: RoomId) -> Result<Vec<Ban>, Failure>;

    /// Notes how a member wants to be notified; answers whether they belong.
    async fn notify(
        &self,
        room: RoomId,
        user: UserId,
        notifications: Notifications,
    ) -> Result<bool, Failure>;

    /// Which of these people share a room with a person.
    async fn companions(&self, user: UserId, among: &[UserId]) -> Result<Vec<UserId>, Failure>;

    /// The people who share a room with a person, by id, after one of them.
    async fn peers(
        &self,
        user: UserId,
        after: Option<UserId>,
        limit: usize,
    ) -> Result<Vec<UserId>, Failure>;

    /// The rooms with at most so many members that a person belongs to.
    async fn circles(
        &self,
        user: UserId,
        most_members: i64,
        limit: usize,
    ) -> Result<Vec<RoomId>, Failure>;

    /// Which of these people belong to these rooms.
    async fn living(&self, pairs: &[(RoomId, UserId)]) -> Result<Vec<(RoomId, UserId)>, Failure>;

    /// All rooms by id, after one of them, and what a person has to do with each.
    async fn passages(
        &self,
        user: UserId,
        after: Option<RoomId>,
        limit: usize,
    ) -> Result<Vec<Passage>, Failure>;

    /// How many unread messages of each room mention a person. Rooms without any are left out.
    async fn mentions(&self, user: UserId, rooms: &[RoomId])
    -> Result<Vec<(RoomId, i64)>, Failure>;
}
