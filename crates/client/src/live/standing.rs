//! Where a client stands.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The last rev of each room that was told, and the store that those revs are of.
///
/// Kept somewhere and handed to [`Account::live`](crate::Account::live), it is where that goes on, in the
/// same process or in a later one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// The incarnation of the store. Revs of another one mean nothing.
    pub epoch: Option<String>,
    /// The last rev of each room.
    pub revs: BTreeMap<Uuid, i64>,
}

/// From where on a room is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Since {
    /// What happens from now on.
    Now,
    /// Everything after this rev: 0 for all that there is. A room's `last_rev`, read before its history,
    /// makes the two meet without a gap.
    Rev(i64),
}

impl Since {
    pub(super) const fn rev(self) -> Option<i64> {
        match self {
            Self::Now => None,
            Self::Rev(rev) => Some(rev),
        }
    }
}

/// How things are in a room that was just subscribed to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stand {
    /// The rev up to which everything was told.
    pub rev: i64,
    /// The seq of the room's last message.
    pub seq: i64,
    /// How far one has read.
    pub read_seq: i64,
    /// How far messages have reached a device of one's own.
    pub delivered_seq: i64,
    /// Too much was missed to be told: see [`Event::Reset`](crate::Event::Reset).
    pub reset: bool,
}
