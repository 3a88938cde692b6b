//! What clients request, in whatever vocabulary.

use domain::{MessageId, RoomId, UserId};
use protocol::Secret;
use realtime::Dialect;
use serde_json::Value;
use uuid::Uuid;

/// What a client requests.
pub(super) enum Order {
    /// Authenticate.
    Authenticate(Word),
    /// Listen to a room from this rev on, in this dialect.
    Join {
        room: Place,
        since: Option<i64>,
        dialect: Dialect,
    },
    /// Stop listening to a room.
    Leave(Place),
    /// Post a message.
    Send(Letter),
    /// Report that the user is typing, or has stopped.
    Typing { room: RoomId, on: bool },
    /// Report how far the user has read or received a room.
    Mark {
        room: Place,
        /// Up to this message, or else everything.
        message: Option<MessageId>,
        read: bool,
    },
    /// Delete a message.
    Delete { room: RoomId, message: MessageId },
    /// List the members of a room.
    Members(RoomId),
}

impl Order {
    /// The name of the order.
    pub(super) const fn name(&self) -> &'static str {
        match self {
            Self::Authenticate(_) => "authenticate",
            Self::Join { .. } => "join",
            Self::Leave(_) => "leave",
            Self::Send(_) => "send",
            Self::Typing { .. } => "typing",
            Self::Mark { read: true, .. } => "read",
            Self::Mark { read: false, .. } => "delivered",
            Self::Delete { .. } => "delete",
            Self::Members(_) => "members",
        }
    }
}

/// What a client authenticates with.
pub(super) enum Word {
    /// A token.
    Token(Secret),
    /// The user's own id, which proves nothing.
    Id(UserId),
}

/// A room, by its id or by its two members.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Room(RoomId),
    /// The direct room of these two users.
    Pair(UserId, UserId),
}

/// A message to post.
pub(super) struct Letter {
    pub(super) to: Address,
    pub(super) content: String,
    pub(super) client_id: Option<Uuid>,
    /// The client's own name for the message.
    pub(super) temp_id: Option<Value>,
}

/// Where to post a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Address {
    Place(Place),
    /// In the direct room with this user.
    Person(UserId),
    /// In this room, of which this user must be a member.
    With(Place, UserId),
}
