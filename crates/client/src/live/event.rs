//! The events of a connection.

use std::time::Duration;

use protocol::ErrorCode;
use protocol::Timestamp;
use protocol::realtime::{MemberOp, NotificationKind, ReactionBy, RemovalReason, RoomOp};
use protocol::shape::{Media, Member, Message, Presence, Room};
use uuid::Uuid;

use super::{Ending, Stand};

/// Something that happened.
///
/// Events with a `rev` are durable: in each room they arrive in order and exactly once, whatever
/// breaks. They carry the current state of what changed, which may have changed several times
/// since: replace what you have under its id. A message that was changed before its first delivery
/// therefore arrives as `Changed`.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Event {
    /// The connection is established.
    Connected {
        /// Its id.
        connection: Uuid,
        /// The incarnation of the store. If it differs from before, every room is reset.
        epoch: String,
    },
    /// The connection ended.
    Disconnected {
        /// Why.
        why: Ending,
        /// After how long the next attempt is made. `None`: there will be none, and this is the
        /// last event.
        again: Option<Duration>,
    },
    /// A message was posted.
    Posted {
        /// The room.
        room: Uuid,
        /// The rev of this change.
        rev: i64,
        /// The message.
        message: Box<Message>,
    },
    /// A message was edited, pinned or replied to.
    Changed {
        /// The room.
        room: Uuid,
        /// The rev of this change.
        rev: i64,
        /// The message as it is now.
        message: Box<Message>,
    },
    /// A message was deleted.
    Deleted {
        /// The room.
        room: Uuid,
        /// The rev of this change.
        rev: i64,
        /// Its tombstone.
        message: Box<Message>,
    },
    /// A reaction was added or removed.
    Reacted {
        /// The room.
        room: Uuid,
        /// The rev of this change.
        rev: i64,
        /// The message as it is now.
        message: Box<Message>,
        /// Whose reaction, and which.
        by: ReactionBy,
    },
    /// A member joined, left, or changed.
    Member {
        /// The room.
        room: Uuid,
        /// The rev of this change.
        rev: i64,
        /// What happened.
        op: MemberOp,
        /// The member.
        member: Box<Member>,
    },
    /// The room itself changed.
    Room {
        /// The rev of this change.
        rev: i64,
        /// What happened.
        op: RoomOp,
        /// The room as it is now.
        room: Box<Room>,
    },
    /// Everything that was missed in a room has been delivered; from here on events are live.
    Resumed {
        /// The room.
        room: Uuid,
        /// The state of the room.
        stand: Stand,
    },
    /// Too much was missed in a room, or its store was replaced: what the program knows of it is
    /// out of date. Read the newest page of its history, or, to get everything,
    /// [`Account::all_changes`] since `stood`.
    ///
    /// [`Account::all_changes`]: crate::Account::all_changes
    Reset {
        /// The room.
        room: Uuid,
        /// The rev from which on events are delivered.
        rev: i64,
        /// The rev up to which everything was delivered. `None` if it belongs to another store.
        stood: Option<i64>,
    },
    /// The user is now in another room. Its events arrive after
    /// [`Live::subscribe`](crate::Live::subscribe).
    Added {
        /// The room.
        room: Box<Room>,
    },
    /// No more events of a room will arrive.
    Lost {
        /// The room.
        room: Uuid,
        /// Why.
        why: Gone,
    },
    /// A member's cursors moved.
    Receipt {
        /// The room.
        room: Uuid,
        /// The member.
        user: Uuid,
        /// The seq up to which they have read.
        read_seq: i64,
        /// The seq up to which messages have been delivered to one of their devices.
        delivered_seq: i64,
    },
    /// A member started or stopped typing. Typing expires after six seconds.
    Typing {
        /// The room.
        room: Uuid,
        /// The member.
        user: Uuid,
        /// Whether they are typing.
        on: bool,
    },
    /// A user came online or went offline.
    Presence {
        /// The user.
        user: Uuid,
        /// Whether they are online.
        status: Presence,
        /// When they were last online.
        last_seen_at: Option<Timestamp>,
    },
    /// A message that the user is to be notified of.
    Notification {
        /// The room.
        room: Uuid,
        /// The message.
        message: Uuid,
        /// Why.
        kind: NotificationKind,
    },
    /// One of the user's uploads was processed.
    Media {
        /// The upload as it is now.
        media: Media,
    },
    /// Enough is unread that a summary is worth asking for.
    SummaryHint {
        /// The room.
        room: Uuid,
        /// The number of unread messages.
        unread: i64,
    },
}

/// Why a room's events have ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Gone {
    /// The user is no longer in it.
    Removed(RemovalReason),
    /// The server refused the subscription.
    Refused(ErrorCode),
    /// The program unsubscribed.
    Unsubscribed,
}

/// Whether an event may be dropped when the queue fills up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Weight {
    /// May be dropped: the next one supersedes it.
    Fleeting,
    /// Need not be queued: the server can replay it.
    Durable,
    /// Must be queued: it is sent only once.
    Unique,
}

impl Event {
    /// The room of a durable event, and its rev there.
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
