//! How far members have read.

use async_trait::async_trait;

use crate::{Cursors, Failure, RoomId, Seq, UserId};

/// A request to move a member's cursors.
#[derive(Clone, Copy, Debug)]
pub struct CursorMove {
    /// The room.
    pub room: RoomId,
    /// The member.
    pub user: UserId,
    /// Read up to here.
    pub read: Option<Seq>,
    /// Delivered up to here.
    pub delivered: Option<Seq>,
}

/// The outcome of a move.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moved {
    /// The cursors are here now.
    To {
        /// Their positions.
        cursors: Cursors,
        /// Whether either of them moved.
        advanced: bool,
    },
    /// The position is beyond the end of the room's log; nothing moved.
    Beyond {
        /// The last position in the log.
        last: Seq,
    },
    /// The user is not a member of the room.
    NotMember,
}

/// How far one member has read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// The member.
    pub user: UserId,
    /// Their cursors.
    pub cursors: Cursors,
    /// They may read only messages after this one.
    pub from_seq: Seq,
}

/// How far all of several members have read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Floor {
    /// The minimum of their cursors.
    pub cursors: Cursors,
    /// None of them may read messages up to and including this one.
    pub from_seq: Seq,
}

/// Stores cursors: two per member, instead of one receipt per message and member.
///
/// # Obligations
/// - `cursors_only_move_forward`: also when many moves arrive concurrently and out of order.
/// - `what_is_read_is_delivered`.
/// - `a_cursor_stays_within_the_log`: a move beyond the last seq changes nothing.
/// - `only_members_have_cursors`: neither strangers nor former members.
/// - `moving_spends_no_rev`.
/// - `progress_leaves_out_one`: current members only, by id, up to the limit.
/// - `the_floor_is_the_slowest_other`: per room, with the lowest of the others' `from_seq`; rooms without
///   other members are left out.
#[async_trait]
pub trait CursorStore: Send + Sync + 'static {
    /// Moves a member's cursors forward.
    async fn advance(&self, change: &CursorMove) -> Result<Moved, Failure>;

    /// How far the members of a room have read, leaving out one of them.
    async fn progress(
        &self,
        room: RoomId,
        except: UserId,
        limit: usize,
    ) -> Result<Vec<Progress>, Failure>;

    /// How far all other members of each room have read.
    async fn floors(
        &self,
        rooms: &[RoomId],
        except: UserId,
    ) -> Result<Vec<(RoomId, Floor)>, Failure>;
}
