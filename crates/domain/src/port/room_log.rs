//! Changes in a room since a rev.

use std::num::NonZeroU32;

use async_trait::async_trait;

use super::messages::View;
use crate::{Epoch, Failure, Membership, Message, Rev, Room, RoomId, Seq};

/// The things in a room that changed after a rev, in their present state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changes {
    /// The messages, by rev.
    pub messages: Vec<Message>,
    /// The memberships, tombstones included, by rev.
    pub members: Vec<Membership>,
    /// The room, if its own properties changed.
    pub room: Option<Room>,
    /// Every change up to this rev is included, superseded by a later one, or hidden from the reader.
    pub up_to: Rev,
    /// Whether there are more changes after that.
    pub more: bool,
    /// The room's current rev.
    pub last: Rev,
}

/// The head of a room's log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    /// The room.
    pub room: RoomId,
    /// Its last seq.
    pub seq: Seq,
    /// Its last rev.
    pub rev: Rev,
}

/// The version of one part of a room's log, which is divided into parts of equal length.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// The number of the part, from 0.
    pub number: i64,
    /// The latest rev of any message in it.
    pub rev: Rev,
}

/// Reads rooms by rev. The store keeps present states, not a change history, so a change that was
/// superseded by a later one to the same thing appears once, at the later rev.
///
/// # Obligations
/// - `changes_come_by_rev`: each thing once, with its latest rev, and nothing at or before `since`.
/// - `changes_are_one_snapshot`: read during concurrent writes, they are consistent and miss nothing up
///   to `up_to`.
/// - `changes_are_cut_at_the_limit`: counted over all three kinds, the lowest revs first; continuing
///   from `up_to` covers everything once.
/// - `a_whole_room_is_nobodys_view`: with [`View::whole`], nothing is passed over and no reaction is
///   `mine`.
/// - `unreadable_messages_are_passed_over`: at or before the floor they are left out, and `up_to`
///   covers them.
/// - `nothing_new_is_up_to_the_last_rev`: and so is a `since` beyond it, as `last` shows.
/// - `an_unknown_room_has_no_changes`: the answer is `None`, as for a deleted one.
/// - `heads_tell_where_rooms_stand`: of tens of thousands at once; unknown and deleted rooms are left out.
/// - `stretches_carry_the_rev_of_their_last_change`: each part with messages after `after` and up to
///   `up_to` once, in ascending order, with the latest rev of those messages; none for unknown and deleted
///   rooms.
/// - `the_epoch_stays`: it does not change during the lifetime of the store.
#[async_trait]
pub trait RoomLog: Send + Sync + 'static {
    /// The changes in a room after a rev, at most `limit` things.
    async fn changes(
        &self,
        view: &View,
        since: Rev,
        limit: usize,
    ) -> Result<Option<Changes>, Failure>;

    /// The heads of rooms.
    async fn heads(&self, rooms: &[RoomId]) -> Result<Vec<Head>, Failure>;

    /// The versions of the parts of a room's log, each `places` long (part 0 begins with the first
    /// message), considering only messages after `after` and up to `up_to`.
    async fn stretches(
        &self,
        room: RoomId,
        (after, up_to): (Seq, Seq),
        places: NonZeroU32,
    ) -> Result<Vec<Stretch>, Failure>;

    /// The store's incarnation.
    async fn epoch(&self) -> Result<Epoch, Failure>;
}
