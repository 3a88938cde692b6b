//! What a connection tells.

use std::time::Duration;

use protocol::ErrorCode;
use protocol::Timestamp;
use protocol::realtime::{MemberOp, NotificationKind, ReactionBy, RemovalReason, RoomOp};
use protocol::shape::{Media, Member, Message, Presence, Room};
use uuid::Uuid;

use super::{Ending, Stand};

/// What happens.
///
/// What carries a `rev` is durable: in each room it comes in order and once, whatever breaks. It holds
/// the present state of its thing, which may have changed several times since: replace what you have by
/// its id. So a message that was changed before it was first told comes as `Changed`.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Event {
    /// The connection is there.
    Connected {
        /// Its own name.
        connection: Uuid,
        /// The incarnation of the store. If it is another than before, every room is reset.
        epoch: String,
    },
    /// The connection is gone.
    Disconnected {
        /// Why.
        why: Ending,
        /// When the next attempt is made. None: there is none, and this is the last event.
        again: Option<Duration>,
    },
    /// Somebody said something.
    Posted {
        /// Where.
        room: Uuid,
        /// The room's rev by it.
        rev: i64,
        /// What.
        message: Box<Message>,
    },
    /// A message was edited, pinned or answered.
    Changed {
        /// Where.
        room: Uuid,
        /// The room's rev by it.
        rev: i64,
        /// The message as it is now.
        message: Box<Message>,
    },
    /// A message was deleted.
    Deleted {
        /// Where.
        room: Uuid,
        /// The room's rev by it.
        rev: i64,
        /// What is left of it.
        message: Box<Message>,
    },
    /// Somebody reacted to a message, or took that back.
    Reacted {
        /// Where.
        room: Uuid,
        /// The room's rev by it.
        rev: i64,
        /// The message as it is now.
        message: Box<Message>,
        /// Who, and how.
        by: ReactionBy,
    },
    /// Somebody came, went, or is somebody else there.
    Member {
        /// Where.
        room: Uuid,
        /// The room's rev by it.
        rev: i64,
        /// Which of them.
        op: MemberOp,
        /// Who.
        member: Box<Member>,
    },
    /// The room itself changed.
    Room {
        /// The room's rev by it.
        rev: i64,
        /// How.
        op: RoomOp,
        /// The room as it is now.
        room: Box<Room>,
    },
    /// Everything that was missed in a room was told; from here on it is told as it happens.
    Resumed {
        /// Which.
        room: Uuid,
        /// How things are there.
        stand: Stand,
    },
    /// Too much was missed in a room, or its store is another one: what is known of it is of no use. Read
    /// the newest page of its history, or, to have everything, [`Account::all_changes`] since `stood`.
    ///
    /// [`Account::all_changes`]: crate::Account::all_changes
    Reset {
        /// Which.
        room: Uuid,
        /// The rev that is told from on.
        rev: i64,
        /// The rev up to which everything was told. None if that means nothing any more.
        stood: Option<i64>,
    },
    /// One belongs to another room. It is told of after [`Live::subscribe`](crate::Live::subscribe).
    Added {
        /// Which.
        room: Box<Room>,
    },
    /// A room is told of no more.
    Lost {
        /// Which.
        room: Uuid,
        /// Why.
        why: Gone,
    },
    /// Somebody's cursors moved.
    Receipt {
        /// Where.
        room: Uuid,
        /// Whose.
        user: Uuid,
        /// How far they have read.
        read_seq: i64,
        /// How far messages have reached a device of theirs.
        delivered_seq: i64,
    },
    /// Somebody writes, or writes no more. It ends by itself after six seconds.
    Typing {
        /// Where.
        room: Uuid,
        /// Who.
        user: Uuid,
        /// Whether they do.
        on: bool,
    },
    /// Somebody came online or went away.
    Presence {
        /// Who.
        user: Uuid,
        /// Whether they are there.
        status: Presence,
        /// When they were last there.
        last_seen_at: Option<Timestamp>,
    },
    /// A message concerns oneself more than others.
    Notification {
        /// Where.
        room: Uuid,
        /// Which.
        message: Uuid,
        /// Why.
        kind: NotificationKind,
    },
    /// An upload of one's own has come further.
    Media {
        /// The upload as it is now.
        media: Media,
    },
    /// So much is unread that a summary is worth asking for.
    SummaryHint {
        /// Where.
        room: Uuid,
        /// How many messages.
        unread: i64,
    },
}

/// Why a room is told of no more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Gone {
    /// One belongs to it no more.
    Removed(RemovalReason),
    /// The server refused to tell of it.
    Refused(ErrorCode),
    /// The program wanted no more of it.
    Unsubscribed,
}

/// How much an event matters when too many wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Weight {
    /// The next one says more.
    Fleeting,
    /// The server has it still.
    Durable,
    /// It comes once.
    Unique,
}

impl Event {
    /// The room that a durable event is of, and where the room stands by it.
    #[expect(clippy::wildcard_enum_match_arm, reason = "all others are not durable")]
    pub fn place(&self) -> Option<(Uuid, i64)> {
        match self {
            Self::Posted { room, rev, .. }
            | Self::Changed { room, rev, .. }
            | Self::Deleted { room, rev, .. }
            | Self::Reacted { room, rev, .. }
            | Self::Member { room, rev, .. } => Some((*room, *rev)),
            Self::Room { rev, room, .. } => Some((room.id, *rev)),
            _ => None,
        }
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "all others come once")]
    pub(super) fn weight(&self) -> Weight {
        match self {
            Self::Receipt { .. }
            | Self::Typing { .. }
            | Self::Presence { .. }
            | Self::SummaryHint { .. } => Weight::Fleeting,
            event if event.place().is_some() => Weight::Durable,
            _ => Weight::Unique,
        }
    }
}
