//! The vocabularies: which event asks for what, and in which event what is told.
//!
//! Each has a file with two tables. What is told is written down once for all who speak the same.

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

/// What `/api/ws` speaks.
pub(crate) const NATIVE: Dialect = Dialect::new(0);
/// `rooms`, in rooms joined by `join_room`.
const ROOMS: Dialect = Dialect::new(1);
/// `rooms`, in rooms joined by `room:join`.
const ROOMS_BY_NAME: Dialect = Dialect::new(2);
const CONVERSATIONS: Dialect = Dialect::new(3);
const DIRECT: Dialect = Dialect::new(4);
const CONVO: Dialect = Dialect::new(5);

/// All but what `/api/ws` speaks.
pub(crate) const FOREIGN: &[Dialect] = &[ROOMS, ROOMS_BY_NAME, CONVERSATIONS, DIRECT, CONVO];
/// Those whose speakers are shown the newest messages when some have changed.
pub(crate) const SHOWN_NEWEST: &[Dialect] = &[CONVO];

/// Those whose speakers are told how far messages have come.
pub(crate) const TOLD_STATUS: &[Dialect] = &[CONVERSATIONS, DIRECT];

/// A way of speaking of chat over Socket.IO.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Vocabulary {
    Rooms,
    Conversations,
    Direct,
    Convo,
}

/// What a client was told to do, or what is wrong with it.
pub(super) type Reading = Result<Order, ApiError>;

/// Something that those who listen to a room, or whom it concerns, are told.
pub(crate) enum News<'a> {
    /// A message that they have not heard of, and what the poster's own client calls it.
    Posted(&'a MessageView, Option<&'a Value>),
    /// A message that they know is another one now.
    Changed(&'a MessageView, &'a MessageChange),
    /// The room is another one now.
    Room(&'a Room),
    /// Somebody writes, or stopped.
    Typing {
        room: RoomId,
        user: UserId,
        on: bool,
    },
    /// Somebody came online or went away.
    Presence {
        user: UserId,
        online: bool,
        at: Timestamp,
        last_seen: Option<Timestamp>,
    },
    /// A member's cursors moved: up to this message.
    Receipt {
        room: RoomId,
        user: UserId,
        cursors: Cursors,
        message: MessageId,
        status: MessageStatus,
    },
    /// A message has come this far with all its readers.
    Status {
        room: RoomId,
        message: MessageId,
        status: MessageStatus,
    },
    /// Somebody listens to the room from now on, or does not any more.
    Visit {
        room: RoomId,
        user: &'a User,
        on: bool,
    },
    /// The listener belongs to a room from now on.
    RoomAdded(&'a RoomView, &'a Links),
    /// The newest messages of a room, oldest first.
    Newest(&'a [MessageView]),
}

/// An event: its name, and what it carries.
pub(super) type Said = (&'static str, Value);

impl Vocabulary {
    /// The vocabulary of this name.
    pub(super) fn named(name: &str) -> Option<Self> {
        match name {
            "rooms" => Some(Self::Rooms),
            "conversations" => Some(Self::Conversations),
            "direct" => Some(Self::Direct),
            "convo" => Some(Self::Convo),
            _ => None,
        }
    }

    /// The one that an event belongs to. Where two share one, its payload tells.
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

    /// What an event asks for; nothing if there is no such event here.
    pub(super) fn read(self, event: &str, args: &[Value]) -> Option<Reading> {
        let payload = args.first().unwrap_or(&Value::Null);
        match self {
            Self::Rooms => rooms::read(event, payload),
            Self::Conversations => conversations::read(event, payload),
            Self::Direct => direct::read(event, payload),
            Self::Convo => convo::read(event, payload),
        }
    }

    /// In which dialect its speakers are told of what concerns them, wherever they listen.
    pub(super) const fn dialect(self) -> Dialect {
        match self {
            Self::Rooms => ROOMS,
            Self::Conversations => CONVERSATIONS,
            Self::Direct => DIRECT,
            Self::Convo => CONVO,
        }
    }
}

/// Whom an event `authenticate` of any vocabulary wants to be.
pub(super) fn authenticate(args: &[Value]) -> Reading {
    direct::authenticate(args.first().unwrap_or(&Value::Null))
}

/// The event in which whoever speaks a dialect hears that they listen to a room, if there is one.
pub(super) fn joined(dialect: Dialect) -> Option<&'static str> {
    (dialect == ROOMS).then_some("joined_room")
}

/// Whether visitors of a room are told that they are there themselves.
pub(crate) fn tells_of_oneself(dialect: Dialect) -> bool {
    dialect == CONVO
}

/// What a dialect makes of news: a whole frame, or nothing if it has no word for it.
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

/// A message as whoever asked for something is answered, under all names.
pub(super) fn answered(view: &MessageView) -> Value {
    message::message(view, view.reach.map(message_status))
}

/// An event with one argument, as a whole frame.
pub(super) fn written(event: &str, payload: Value) -> Bytes {
    match Encoded::event("/", event, &(payload,)) {
        Ok(encoded) => encoded.bytes().clone(),
        Err(error) => {
            tracing::error!(%error, event, "an event cannot be written");
            Bytes::new()
        }
    }
}
