//! Frames of the server.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Ack, MemberOp, MessageOp, NotificationKind, RemovalReason, RoomOp, ServerFrameKind};
use crate::shape::{Media, Member, Message, Presence, Room};
use crate::{ErrorCode, FieldError, Timestamp};

/// A frame of the server.
///
/// `message`, `member`, `room` and `skip` are durable: in one room they arrive in ascending `rev`, and
/// `prev` is the rev that the frame follows. Every change between the two is contained in the frame or
/// superseded by a later one.
///
/// They are the same for all recipients. So their messages lack `status` and their reactions lack
/// `mine`, their rooms lack what depends on the reader (`membership`, `lastMessage`, invites), and their
/// users lack `email` and `profile`: whoever builds the frame must leave these out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(
    tag = "type",
    rename_all = "snake_case",
    rename_all_fields = "camelCase"
)]
pub enum ServerFrame {
    /// The connection is authenticated: the client can subscribe.
    Ready {
        /// The authenticated user.
        user_id: Uuid,
        /// Their session.
        session_id: Uuid,
        /// The id of this connection.
        connection_id: Uuid,
        /// The epoch of all revs: the store's incarnation.
        epoch: String,
        /// The interval between pings of the server, in seconds.
        heartbeat: u64,
        /// The server's current time.
        server_time: Timestamp,
    },
    /// A command with an id was carried out; any changes are committed.
    Ack {
        /// The command's id.
        id: u64,
        /// Its result.
        #[serde(flatten)]
        ack: Ack,
    },
    /// A command failed.
    Error {
        /// The command's id, if it had one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        id: Option<u64>,
        /// Why, machine-readable.
        code: ErrorCode,
        /// Why, human-readable.
        message: String,
        /// Every invalid field, if the code is [`ErrorCode::Invalid`].
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
    /// A message was posted or changed.
    Message {
        /// What happened to it.
        op: MessageOp,
        /// The room.
        room_id: Uuid,
        /// The room's rev after this change.
        rev: i64,
        /// The rev that this frame follows.
        prev: i64,
        /// The message as it is now.
        message: Message,
        /// Who reacted, if a reaction is what changed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        by: Option<ReactionBy>,
    },
    /// A membership began or changed.
    Member {
        /// What happened to it.
        op: MemberOp,
        /// The room.
        room_id: Uuid,
        /// The room's rev after this change.
        rev: i64,
        /// The rev that this frame follows.
        prev: i64,
        /// The member as they are now.
        member: Member,
    },
    /// The room's own properties changed, or it was deleted.
    Room {
        /// What happened to it.
        op: RoomOp,
        /// The room's id.
        room_id: Uuid,
        /// The room's rev after this change.
        rev: i64,
        /// The rev that this frame follows.
        prev: i64,
        /// The room as it is now.
        room: Room,
    },
    /// Something changed that this user may not see.
    Skip {
        /// The room.
        room_id: Uuid,
        /// The room's rev after this change.
        rev: i64,
        /// The rev that this frame follows.
        prev: i64,
    },
    /// A member's cursors moved.
    Receipt {
        /// The room.
        room_id: Uuid,
        /// The member.
        user_id: Uuid,
        /// The seq of the last message that they have read.
        read_seq: i64,
        /// The seq of the last message that has reached one of their devices.
        delivered_seq: i64,
    },
    /// A member started or stopped typing. It expires after [`TYPING_SECONDS`].
    ///
    /// [`TYPING_SECONDS`]: crate::limits::TYPING_SECONDS
    Typing {
        /// The room.
        room_id: Uuid,
        /// The member.
        user_id: Uuid,
        /// Whether they are typing.
        on: bool,
    },
    /// A user came online or went offline.
    Presence {
        /// The user.
        user_id: Uuid,
        /// Whether they are online.
        status: Presence,
        /// When they were last online.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        last_seen_at: Option<Timestamp>,
    },
    /// The user has become a member of a room.
    RoomAdded {
        /// The room as this user may see it.
        room: Room,
    },
    /// The user is no longer a member of a room.
    RoomRemoved {
        /// The room.
        room_id: Uuid,
        /// Why.
        reason: RemovalReason,
    },
    /// One of the user's uploads was processed.
    Media {
        /// The upload as it is now.
        media: Media,
    },
    /// A message concerns this user in particular.
    Notification {
        /// The room.
        room_id: Uuid,
        /// The message.
        message_id: Uuid,
        /// Why it concerns them.
        kind: NotificationKind,
    },
    /// More text of a summary that is being generated. The ack contains the whole and supersedes all parts.
    SummaryPart {
        /// The id of the command that asked for it.
        id: u64,
        /// The room.
        room_id: Uuid,
        /// More of the text.
        text: String,
    },
    /// So many messages are unread that a summary is worthwhile.
    SummaryHint {
        /// The room.
        room_id: Uuid,
        /// How many messages are unread.
        unread: i64,
    },
    /// The client reads more slowly than frames arrive: those of these rooms are held back.
    Lagging {
        /// The rooms.
        rooms: Vec<Uuid>,
    },
    /// Everything that was held back for a room has been sent.
    Resumed {
        /// The room.
        room_id: Uuid,
        /// The rev that the client is at: the next frame follows this rev.
        rev: i64,
        /// Whether there was too much to send: the client must read the newest page by REST.
        reset: bool,
    },
    /// The token is about to expire.
    TokenExpiring {
        /// In how many seconds it expires.
        #[serde(rename = "in")]
        seconds: u64,
    },
    /// The session was ended, and the connection is closed with it.
    SessionRevoked,
    /// The server is stopping; the connection will be closed soon.
    Shutdown {
        /// After how many milliseconds to reconnect.
        reconnect_in: u64,
    },
}

/// Who reacted to a message, and how.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ReactionBy {
    /// The user.
    pub user_id: Uuid,
    /// The emoji.
    pub emoji: String,
    /// Whether they added or removed it.
    pub on: bool,
}

impl ServerFrame {
    /// The kind of this frame.
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
