//! What the server sends.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Ack, MemberOp, MessageOp, NotificationKind, RemovalReason, RoomOp, ServerFrameKind};
use crate::shape::{Media, Member, Message, Presence, Room};
use crate::{ErrorCode, FieldError, Timestamp};

/// What the server sends.
///
/// `message`, `member`, `room` and `skip` are durable: in one room they come in rising `rev`, and each
/// says in `prev` after which rev it follows; every change between the two is contained in it or
/// superseded by a later frame.
///
/// They are the same for everybody who is told. So their messages lack `status` and their reactions
/// lack `mine`, their rooms lack what is the reader's own (`membership`, `lastMessage`, invites), and
/// their users lack `email` and `profile`: to leave these out is for whoever makes the frame.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(
    tag = "type",
    rename_all = "snake_case",
    rename_all_fields = "camelCase"
)]
pub enum ServerFrame {
    /// The connection is authenticated: time to subscribe.
    Ready {
        /// Whose it is.
        user_id: Uuid,
        /// By which session.
        session_id: Uuid,
        /// Its own name.
        connection_id: Uuid,
        /// The incarnation of the store that revs are of.
        epoch: String,
        /// How many seconds are between pings of the server.
        heartbeat: u64,
        /// What time it is there.
        server_time: Timestamp,
    },
    /// A command with an id was carried out, durably where it changes something.
    Ack {
        /// The command's id.
        id: u64,
        /// What it led to.
        #[serde(flatten)]
        ack: Ack,
    },
    /// A command was not carried out.
    Error {
        /// The command's id, if it had one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        id: Option<u64>,
        /// Why, for programs.
        code: ErrorCode,
        /// Why, for people.
        message: String,
        /// Every bad field, when the code is [`ErrorCode::Invalid`].
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        errors: Vec<FieldError>,
        /// After how many seconds to try again.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        retry_after: Option<u64>,
    },
    /// The answer to `ping`.
    Pong {
        /// The ping's id, if it had one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        id: Option<u64>,
    },
    /// A message is there or changed.
    Message {
        /// What happened to it.
        op: MessageOp,
        /// Where.
        room_id: Uuid,
        /// The rev that the room has by it.
        rev: i64,
        /// The rev that it follows.
        prev: i64,
        /// The message as it is now.
        message: Message,
        /// Who reacted, if that is what changed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        by: Option<ReactionBy>,
    },
    /// A membership is there or changed.
    Member {
        /// What happened to it.
        op: MemberOp,
        /// Where.
        room_id: Uuid,
        /// The rev that the room has by it.
        rev: i64,
        /// The rev that it follows.
        prev: i64,
        /// The member as they are now.
        member: Member,
    },
    /// The room itself changed.
    Room {
        /// What happened to it.
        op: RoomOp,
        /// Which.
        room_id: Uuid,
        /// The rev that it has by that.
        rev: i64,
        /// The rev that it follows.
        prev: i64,
        /// The room as it is now.
        room: Room,
    },
    /// Something changed that this member may not read.
    Skip {
        /// Where.
        room_id: Uuid,
        /// The rev that the room has by it.
        rev: i64,
        /// The rev that it follows.
        prev: i64,
    },
    /// Somebody's cursors moved.
    Receipt {
        /// Where.
        room_id: Uuid,
        /// Whose.
        user_id: Uuid,
        /// How far they have read.
        read_seq: i64,
        /// How far messages have reached a device of theirs.
        delivered_seq: i64,
    },
    /// Somebody writes, or writes no more. It ends by itself after [`TYPING_SECONDS`].
    ///
    /// [`TYPING_SECONDS`]: crate::limits::TYPING_SECONDS
    Typing {
        /// Where.
        room_id: Uuid,
        /// Who.
        user_id: Uuid,
        /// Whether they do.
        on: bool,
    },
    /// Somebody came online or went away.
    Presence {
        /// Who.
        user_id: Uuid,
        /// Whether they are there.
        status: Presence,
        /// When they were last there.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        last_seen_at: Option<Timestamp>,
    },
    /// The user belongs to a room that they did not belong to.
    RoomAdded {
        /// The room, as this user may see it.
        room: Room,
    },
    /// The user belongs to a room no more.
    RoomRemoved {
        /// Which.
        room_id: Uuid,
        /// Why.
        reason: RemovalReason,
    },
    /// An upload of the user's has come further.
    Media {
        /// The upload as it is now.
        media: Media,
    },
    /// A message concerns the user more than others.
    Notification {
        /// Where.
        room_id: Uuid,
        /// Which.
        message_id: Uuid,
        /// Why.
        kind: NotificationKind,
    },
    /// More of the text of a summary that is being made. The ack has all of it and counts instead.
    SummaryPart {
        /// The id of the command that asked for it.
        id: u64,
        /// Of which room.
        room_id: Uuid,
        /// More of the text.
        text: String,
    },
    /// So much is unread that a summary is worth asking for.
    SummaryHint {
        /// In which room.
        room_id: Uuid,
        /// How many messages.
        unread: i64,
    },
    /// The client takes frames more slowly than they come: those of these rooms are held back.
    Lagging {
        /// The rooms.
        rooms: Vec<Uuid>,
    },
    /// What was held back of a room has been sent.
    Resumed {
        /// Which room.
        room_id: Uuid,
        /// Where the client stands: the next frame follows this rev.
        rev: i64,
        /// It was too much: the client reads the newest page by REST.
        reset: bool,
    },
    /// The token runs out soon.
    TokenExpiring {
        /// In how many seconds.
        #[serde(rename = "in")]
        seconds: u64,
    },
    /// The session was ended; the connection ends with it.
    SessionRevoked,
    /// The server stops; the connection ends soon.
    Shutdown {
        /// After how many milliseconds to connect again.
        reconnect_in: u64,
    },
}

/// Who reacted to a message, and how.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ReactionBy {
    /// Who.
    pub user_id: Uuid,
    /// With what.
    pub emoji: String,
    /// Whether they gave it; otherwise they took it back.
    pub on: bool,
}

impl ServerFrame {
    /// Which of them it is.
    pub const fn kind(&self) -> ServerFrameKind {
        match self {
            Self::Ready { .. } => ServerFrameKind::Ready,
            Self::Ack { .. } => ServerFrameKind::Ack,
            Self::Error { .. } => ServerFrameKind::Error,
            Self::Pong { .. } => ServerFrameKind::Pong,
            Self::Message { .. } => ServerFrameKind::Message,
            Self::Member { .. } => ServerFrameKind::Member,
            Self::Room { .. } => ServerFrameKind::Room,
            Self::Skip { .. } => ServerFrameKind::Skip,
            Self::Receipt { .. } => ServerFrameKind::Receipt,
            Self::Typing { .. } => ServerFrameKind::Typing,
            Self::Presence { .. } => ServerFrameKind::Presence,
            Self::RoomAdded { .. } => ServerFrameKind::RoomAdded,
            Self::RoomRemoved { .. } => ServerFrameKind::RoomRemoved,
            Self::Media { .. } => ServerFrameKind::Media,
            Self::Notification { .. } => ServerFrameKind::Notification,
            Self::SummaryPart { .. } => ServerFrameKind::SummaryPart,
            Self::SummaryHint { .. } => ServerFrameKind::SummaryHint,
            Self::Lagging { .. } => ServerFrameKind::Lagging,
            Self::Resumed { .. } => ServerFrameKind::Resumed,
            Self::TokenExpiring { .. } => ServerFrameKind::TokenExpiring,
            Self::SessionRevoked => ServerFrameKind::SessionRevoked,
            Self::Shutdown { .. } => ServerFrameKind::Shutdown,
        }
    }
}
