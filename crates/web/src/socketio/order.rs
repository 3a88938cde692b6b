//! What clients ask for, in whatever vocabulary.

use domain::{MessageId, RoomId, UserId};
use protocol::Secret;
use realtime::Dialect;
use serde_json::Value;
use uuid::Uuid;

/// What a client asks for.
pub(super) enum Order {
    /// To be taken for somebody.
    Authenticate(Word),
    /// To be told of a room, from this rev on, in this dialect.
    Join {
        room: Place,
        since: Option<i64>,
        dialect: Dialect,
    },
    /// Not to be told of it any more.
    Leave(Place),
    /// To post a message.
    Send(Letter),
    /// To tell that they write, or stopped.
    Typing { room: RoomId, on: bool },
    /// To tell how far they have come.
    Mark {
        room: Place,
        /// With this message, or else with everything.
        message: Option<MessageId>,
        read: bool,
    },
    /// To delete a message.
    Delete { room: RoomId, message: MessageId },
    /// To hear who belongs to a room.
    Members(RoomId),
}

impl Order {
    /// What it is called, whatever it asks for.
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

/// What somebody says who wants to be taken for somebody.
pub(super) enum Word {
    /// Something that shows it.
    Token(Secret),
    /// Their own id, which shows nothing.
    Id(UserId),
}

/// A room, by its id or by who speaks there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Room(RoomId),
    /// The direct room of these two.
    Pair(UserId, UserId),
}

/// A message that is to be posted.
pub(super) struct Letter {
    pub(super) to: Address,
    pub(super) content: String,
    pub(super) client_id: Option<Uuid>,
    /// What the client calls it meanwhile.
    pub(super) temp_id: Option<Value>,
}

/// Where a message is to be posted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Address {
    Place(Place),
    /// The direct room with this person.
    Person(UserId),
    /// A room to which this person has to belong.
    With(Place, UserId),
}
