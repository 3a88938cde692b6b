//! The vocabularies: which event means which order, and which event announces which news.
//!
//! Each has a file with these two tables. News is encoded once for all clients that speak the same
//! dialect.

mod conversations;
mod convo;
mod direct;
mod message;
mod payload;
mod rooms;

use application::{MessageView, RoomView};
use bytes::Bytes;
use domain::port::bus::MessageChange;
use domain::{Cursors, MessageId, Room, RoomId, Timestamp, User, UserId};
use protocol::shape::MessageStatus;
use realtime::Dialect;
use serde_json::Value;
use socketio::Encoded;

use super::order::Order;
use crate::error::ApiError;
use crate::translate::{Links, message_status};

pub(super) use payload::{bad, unacceptable};

/// The dialect of `/api/ws`.
pub(crate) const NATIVE: Dialect = Dialect::new(0);
/// `rooms`, in rooms joined by `join_room`.
const ROOMS: Dialect = Dialect::new(1);
/// `rooms`, in rooms joined by `room:join`.
const ROOMS_BY_NAME: Dialect = Dialect::new(2);
const CONVERSATIONS: Dialect = Dialect::new(3);
const DIRECT: Dialect = Dialect::new(4);
const CONVO: Dialect = Dialect::new(5);

/// All dialects except that of `/api/ws`.
pub(crate) const FOREIGN: &[Dialect] = &[ROOMS, ROOMS_BY_NAME, CONVERSATIONS, DIRECT, CONVO];
/// Dialects in which the newest messages are sent again when some have changed.
pub(crate) const SHOWN_NEWEST: &[Dialect] = &[CONVO];

/// Dialects in which clients learn whether messages were delivered and read.
pub(crate) const TOLD_STATUS: &[Dialect] = &[CONVERSATIONS, DIRECT];

/// A set of events for chat over Socket.IO.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Vocabulary {
    Rooms,
    Conversations,
    Direct,
    Convo,
}

/// An order, or what is wrong with it.
pub(super) type Reading = Result<Order, ApiError>;

/// Something to tell the listeners of a room, or those whom it concerns.
pub(crate) enum News<'a> {
    /// A message that is new to them, with its poster's own name for it.
    Posted(&'a MessageView, Option<&'a Value>),
    /// A message that they know has changed.
    Changed(&'a MessageView, &'a MessageChange),
    /// The room has changed.
    Room(&'a Room),
    /// A user is typing, or has stopped.
    Typing {
        room: RoomId,
        user: UserId,
        on: bool,
    },
    /// A user came online or went offline.
    Presence {
        user: UserId,
        online: bool,
        at: Timestamp,
        last_seen: Option<Timestamp>,
    },
    /// A member's cursors moved up to this message.
    Receipt {
        room: RoomId,
        user: UserId,
        cursors: Cursors,
        message: MessageId,
        status: MessageStatus,
    },
    /// A message has reached this status with all its readers.
    Status {
        room: RoomId,
        message: MessageId,
        status: MessageStatus,
    },
    /// A user has started or stopped listening to the room.
    Visit {
        room: RoomId,
        user: &'a User,
        on: bool,
    },
    /// The user has joined a room.
    RoomAdded(&'a RoomView, &'a Links),
    /// The newest messages of a room, oldest first.
    Newest(&'a [MessageView]),
}

/// The name and payload of an event.
pub(super) type Said = (&'static str, Value);

impl Vocabulary {
    /// The vocabulary with this name.
    pub(super) fn named(name: &str) -> Option<Self> {
        match name {
            "rooms" => Some(Self::Rooms),
            "conversations" => Some(Self::Conversations),
            "direct" => Some(Self::Direct),
            "convo" => Some(Self::Convo),
            _ => None,
        }
    }

    /// The vocabulary that an event belongs to. Where two share it, the payload decides.
    pub(super) fn of(event: &str, args: &[Value]) -> Option<Self> {
        let payload = args.first();
        let bare = payload.is_some_and(Value::is_string);
        let has = |field: &str| payload.is_some_and(|payload| payload.get(field).is_some());
        match event {
            "join_room" | "leave_room" | "mark_read" if bare => Some(Self::Direct),
            "send_message" if has("message") || has("receiverId") => Some(Self::Direct),
            "join_room" | "leave_room" | "send_message" | "typing" | "mark_read"
            | "mark_delivered" | "room:join" | "room:leave" => Some(Self::Rooms),
            "conversation:join" | "conversation:leave" | "message:send" | "typing:start"
            | "typing:stop" => Some(Self::Conversations),
            "joinRoom" | "leaveRoom" | "message" | "deleteMessage" | "getRoomMembers" => {
                Some(Self::Convo)
            }
            _ => None,
        }
    }

    /// The order that an event means; `None` if this vocabulary has no such event.
    pub(super) fn read(self, event: &str, args: &[Value]) -> Option<Reading> {
        let payload = args.first().unwrap_or(&Value::Null);
        match self {
            Self::Rooms => rooms::read(event, payload),
            Self::Conversations => conversations::read(event, payload),
            Self::Direct => direct::read(event, payload),
            Self::Convo => convo::read(event, payload),
        }
    }

    /// The dialect for what concerns the user, wherever the client listens.
    pub(super) const fn dialect(self) -> Dialect {
        match self {
            Self::Rooms => ROOMS,
            Self::Conversations => CONVERSATIONS,
            Self::Direct => DIRECT,
            Self::Convo => CONVO,
        }
    }
}

/// The order of an event `authenticate` in any vocabulary.
pub(super) fn authenticate(args: &[Value]) -> Reading {
    direct::authenticate(args.first().unwrap_or(&Value::Null))
}

/// The event that tells a client that it listens to a room now, if its dialect has one.
pub(super) fn joined(dialect: Dialect) -> Option<&'static str> {
    (dialect == ROOMS).then_some("joined_room")
}

/// Whether a visitor of a room receives their own visit.
pub(crate) fn tells_of_oneself(dialect: Dialect) -> bool {
    dialect == CONVO
}

/// Encodes news in a dialect: a whole frame, or nothing if it has no event for it.
pub(crate) fn say(dialect: Dialect, news: &News<'_>) -> Bytes {
    let said = match dialect {
        ROOMS => rooms::say(news, "receive_message"),
        ROOMS_BY_NAME => rooms::say(news, "message:new"),
        CONVERSATIONS => conversations::say(news),
        DIRECT => direct::say(news),
        CONVO => convo::say(news),
        _ => None,
    };
    said.map_or_else(Bytes::new, |(event, payload)| written(event, payload))
}

/// A message in the answer to a request, with all its field names.
pub(super) fn answered(view: &MessageView) -> Value {
    message::message(view, view.reach.map(message_status))
}

/// Encodes an event with one argument as a whole frame.
pub(super) fn written(event: &str, payload: Value) -> Bytes {
    match Encoded::event("/", event, &(payload,)) {
        Ok(encoded) => encoded.bytes().clone(),
        Err(error) => {
            tracing::error!(%error, event, "could not encode an event; it is not sent");
            Bytes::new()
        }
    }
}
