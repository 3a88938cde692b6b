//! How far a client has come.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The last rev delivered of each room, and the store that those revs belong to.
///
/// Stored somewhere and passed to [`Account::live`](crate::Account::live), it resumes there, in the
/// same process or a later one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// The incarnation of the store. Revs of another one are meaningless.
    pub epoch: Option<String>,
    /// The last rev of each room.
    pub revs: BTreeMap<Uuid, i64>,
}

/// From where on to deliver a room's events.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Since {
    /// Only what happens from now on.
    Now,
    /// Everything after this rev; 0 for everything there is. With a room's `last_rev` that was read
    /// before its history, the two meet without a gap.
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

/// The state of a room that was just subscribed to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stand {
    /// The rev up to which everything has been delivered.
    pub rev: i64,
    /// The seq of the room's last message.
    pub seq: i64,
    /// The seq up to which the user has read.
    pub read_seq: i64,
    /// The seq up to which messages have been delivered to one of the user's devices.
    pub delivered_seq: i64,
    /// Too much was missed to be replayed: see [`Event::Reset`](crate::Event::Reset).
    pub reset: bool,
}
