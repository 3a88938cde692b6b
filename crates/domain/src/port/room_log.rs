//! What changed in a room since a rev.

use std::num::NonZeroU32;

use async_trait::async_trait;

use super::messages::View;
use crate::{Epoch, Failure, Membership, Message, Rev, Room, RoomId, Seq};

/// What changed in a room after a rev, in its present state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changes {
    /// The messages, by rev.
    pub messages: Vec<Message>,
    /// The memberships, tombstones included, by rev.
    pub members: Vec<Membership>,
    /// The room, when it changed itself.
    pub room: Option<Room>,
    /// Everything up to this rev is in here, superseded by something later, or not the reader's.
    pub up_to: Rev,
    /// Whether more changed after that.
    pub more: bool,
    /// The rev that the room is at.
    pub last: Rev,
}

/// Where a room stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    /// Which room.
    pub room: RoomId,
    /// Its last seq.
    pub seq: Seq,
    /// Its last rev.
    pub rev: Rev,
}

/// A part of a room's log, and how it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// Which part, counted from 0, where each has as many places.
    pub number: i64,
    /// The last rev of any message in it.
    pub rev: Rev,
}

/// Reads rooms by rev. The store keeps present states, not steps, so a change that was overtaken by
/// another to the same thing shows once, at the later rev.
///
/// # Obligations
/// - `changes_come_by_rev`: each thing once, with its last rev, and nothing at or before `since`.
/// - `changes_are_one_snapshot`: taken while others write, they fit together and miss nothing up to
///   `up_to`.
/// - `changes_are_cut_at_the_limit`: counted over all three kinds, the lowest revs first; going on
///   from `up_to` meets everything once.
/// - `a_whole_room_is_nobodys_view`: with [`View::whole`], nothing is passed over and no reaction is
///   `mine`.
/// - `unreadable_messages_are_passed_over`: at or before the floor they are left out, and `up_to`
///   covers them.
/// - `nothing_new_is_up_to_the_last_rev`: and so is a `since` beyond it, which `last` tells.
/// - `an_unknown_room_has_no_changes`: `None`, as for a deleted one.
/// - `heads_tell_where_rooms_stand`: of tens of thousands at once; unknown and deleted rooms are left out.
/// - `stretches_carry_the_rev_of_their_last_change`: each part with messages above `after` and up to
///   `up_to` once, rising, with the last rev of those; of unknown and deleted rooms nothing.
/// - `the_epoch_stays`: it is the same as long as the store is.
#[async_trait]
pub trait RoomLog: Send + Sync + 'static {
    /// What changed in a room after a rev, at most `limit` things.
    async fn changes(
        &self,
        view: &View,
        since: Rev,
        limit: usize,
    ) -> Result<Option<Changes>, Failure>;

    /// Where rooms stand.
    async fn heads(&self, rooms: &[RoomId]) -> Result<Vec<Head>, Failure>;

    /// How the parts of a room's log are, each of so many places (part 0 begins with the first message),
    /// as far as they are above `after` and not beyond `up_to`.
    async fn stretches(
        &self,
        room: RoomId,
        (after, up_to): (Seq, Seq),
        places: NonZeroU32,
    ) -> Result<Vec<Stretch>, Failure>;

    /// The store's incarnation.
    async fn epoch(&self) -> Result<Epoch, Failure>;
}
