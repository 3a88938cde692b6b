//! How far members have read.

use async_trait::async_trait;

use crate::{Cursors, Failure, RoomId, Seq, UserId};

/// A member whose cursors move.
#[derive(Clone, Copy, Debug)]
pub struct CursorMove {
    /// Where.
    pub room: RoomId,
    /// Whose.
    pub user: UserId,
    /// Read up to here.
    pub read: Option<Seq>,
    /// Delivered up to here.
    pub delivered: Option<Seq>,
}

/// What became of a move.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moved {
    /// The cursors stand here now.
    To {
        /// Where they stand.
        cursors: Cursors,
        /// Whether either moved.
        advanced: bool,
    },
    /// The room has not come that far; nothing moved.
    Beyond {
        /// How far it has come.
        last: Seq,
    },
    /// They do not belong to the room.
    NotMember,
}

/// How far one member has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Who.
    pub user: UserId,
    /// How far they have come.
    pub cursors: Cursors,
    /// Where their history begins.
    pub from_seq: Seq,
}

/// How far all of several members have come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Floor {
    /// How far each of them has come at least.
    pub cursors: Cursors,
    /// Nothing at or before this place is for any of them to read.
    pub from_seq: Seq,
}

/// Keeps cursors: two a member, in place of a receipt a message and member.
///
/// # Obligations
/// - `cursors_only_move_forward`: also when many moves come at once and out of order.
/// - `what_is_read_is_delivered`.
/// - `a_cursor_stays_within_the_log`: beyond the last seq nothing moves.
/// - `only_members_have_cursors`: neither strangers nor those who left.
/// - `moving_spends_no_rev`.
/// - `progress_leaves_out_one`: living members only, by id, up to the limit.
/// - `the_floor_is_the_slowest_other`: per room, and with where the first of them began to read; rooms
///   without other members are left out.
#[async_trait]
pub trait CursorStore: Send + Sync + 'static {
    /// Moves a member's cursors forward.
    async fn advance(&self, change: &CursorMove) -> Result<Moved, Failure>;

    /// How far the members of a room have come, without one of them.
    async fn progress(
        &self,
        room: RoomId,
        except: UserId,
        limit: usize,
    ) -> Result<Vec<Progress>, Failure>;

    /// How far every other member of each room has come at least.
    async fn floors(
        &self,
        rooms: &[RoomId],
        except: UserId,
    ) -> Result<Vec<(RoomId, Floor)>, Failure>;
}
