//! The content of acks.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::shape::{Cursors, Message, Summary};
use crate::{ErrorCode, Timestamp};

/// The content of an ack, which depends on the command.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged, rename_all_fields = "camelCase")]
pub enum Ack {
    /// For `send`, `edit`, `delete` and `react`: the message as it is now.
    Message {
        /// As over REST, including the caller's own reactions and what only the sender may see.
        message: Message,
    },
    /// For `subscribe`.
    Subscribed {
        /// The result for each room.
        rooms: BTreeMap<Uuid, Subscribed>,
    },
    /// For `read` and `delivered`: both cursors as they are now.
    Cursors(Cursors),
    /// For `presence`.
    Presence {
        /// The first online users.
        online: Vec<Uuid>,
        /// How many users are online.
        count: i64,
    },
    /// For `summary`.
    Summary {
        /// The summary, as over REST.
        summary: Summary,
    },
    /// For `auth` on a connection that was already authenticated.
    Auth {
        /// When the new token expires.
        token_expires_at: Timestamp,
    },
    /// For `unsubscribe` and `typing`. It matches any object when deserialising, so it must be last.
    Done {},
}

/// The result of subscribing to one room.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged, rename_all_fields = "camelCase")]
pub enum Subscribed {
    /// The connection is subscribed to the room.
    Live {
        /// The rev that the client is at after the replay: the next frame follows this rev.
        rev: i64,
        /// The seq of the room's last message.
        seq: i64,
        /// The seq of the last message that the user has read.
        read_seq: i64,
        /// The seq of the last message that has reached one of their devices.
        delivered_seq: i64,
        /// How many frames were replayed before this ack.
        replayed: i64,
        /// Whether the client must discard its state of the room and read the newest page by REST.
        reset: bool,
    },
    /// It is not. This does not affect the other rooms.
    Refused {
        /// The reason.
        code: ErrorCode,
    },
}
