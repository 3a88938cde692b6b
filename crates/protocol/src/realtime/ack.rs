//! What an ack carries.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::shape::{Cursors, Message, Summary};
use crate::{ErrorCode, Timestamp};

/// What an ack carries; which of them follows from the command.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged, rename_all_fields = "camelCase")]
pub enum Ack {
    /// Of `send`, `edit`, `delete` and `react`: the message as it is now.
    Message {
        /// As over REST, with the caller's own reactions and what only the sender is told.
        message: Message,
    },
    /// Of `subscribe`.
    Subscribed {
        /// How it went, room by room.
        rooms: BTreeMap<Uuid, Subscribed>,
    },
    /// Of `read` and `delivered`: where both cursors stand.
    Cursors(Cursors),
    /// Of `presence`.
    Presence {
        /// Who is online, the first of them.
        online: Vec<Uuid>,
        /// How many are.
        count: i64,
    },
    /// Of `summary`.
    Summary {
        /// What was missed, as over REST.
        summary: Summary,
    },
    /// Of `auth` on a connection that was authenticated before.
    Auth {
        /// Until when the new token serves.
        token_expires_at: Timestamp,
    },
    /// Of `unsubscribe` and `typing`. It reads as anything, so it stands last.
    Done {},
}

/// How subscribing to a room went.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged, rename_all_fields = "camelCase")]
pub enum Subscribed {
    /// The client hears of the room from now on.
    Live {
        /// Where the client stands after what was replayed: the next frame follows this rev.
        rev: i64,
        /// The seq of the room's last message.
        seq: i64,
        /// How far the user has read.
        read_seq: i64,
        /// How far messages have reached a device of theirs.
        delivered_seq: i64,
        /// How many frames were replayed before this ack.
        replayed: i64,
        /// The client's state of the room is of no use: it reads the newest page by REST.
        reset: bool,
    },
    /// It does not, and this is why. The other rooms are subscribed all the same.
    Refused {
        /// Why.
        code: ErrorCode,
    },
}
