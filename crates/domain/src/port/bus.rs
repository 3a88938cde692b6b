//! What nodes tell each other.

use std::pin::Pin;

use async_trait::async_trait;
use futures_core::Stream;

use crate::{
    Cursors, Emoji, Failure, Media, Membership, Message, MessageId, Room, RoomId, SessionId,
    Timestamp, UserId,
};

/// Something that other nodes, and the sockets of this one, want to hear of soon.
///
/// All of it is a hint: whatever matters is in the store, and a node that missed a notice finds out by
/// itself within seconds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    /// Durable changes of one room, by rev.
    Changed {
        /// Which room.
        room: RoomId,
        /// What changed.
        changes: Vec<RoomChange>,
    },
    /// A member's cursors moved.
    Receipt {
        /// Where.
        room: RoomId,
        /// Whose.
        user: UserId,
        /// Where they stand.
        cursors: Cursors,
    },
    /// A member writes, or stopped.
    Typing {
        /// Where.
        room: RoomId,
        /// Who.
        user: UserId,
        /// Whether they do.
        on: bool,
    },
    /// Someone listens to a room, by their first connection that does, or no longer by any.
    Visit {
        /// To which.
        room: RoomId,
        /// Who.
        user: UserId,
        /// Whether they do.
        on: bool,
    },
    /// Someone came online or went away.
    Presence {
        /// Who.
        user: UserId,
        /// When they were last here, once they are away.
        last_seen: Option<Timestamp>,
        /// Whether they are here.
        online: bool,
        /// Where it is told: the rooms that they are in and that are small enough for it. What is
        /// beyond a few thousand may be left out on the way.
        rooms: Vec<RoomId>,
    },
    /// What a person may do in a room has changed, down to belonging there at all.
    AccessChanged {
        /// Where.
        room: RoomId,
        /// Who.
        user: UserId,
        /// How.
        change: AccessChange,
    },
    /// A message concerns a person more than others.
    Notification {
        /// Whom.
        user: UserId,
        /// Where.
        room: RoomId,
        /// Which message.
        message: MessageId,
        /// Why.
        kind: NotificationKind,
    },
    /// What an upload is has been found out, for whoever uploaded it.
    Media(Box<Media>),
    /// Sessions were ended.
    SessionsEnded(Vec<SessionId>),
}

/// One durable change of a room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RoomChange {
    /// A message was posted or changed, this way.
    Message(Box<Message>, MessageChange),
    /// A membership changed, this way.
    Member(Membership, MemberChange),
    /// The room itself changed.
    Room(Box<Room>),
    /// The room was deleted, as it was last.
    RoomDeleted(Box<Room>),
}

/// How a message changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MessageChange {
    /// It was posted.
    Created,
    /// Its text, pin, thread or attachments changed.
    Updated,
    /// Someone reacted.
    Reacted {
        /// Who.
        user: UserId,
        /// With what.
        emoji: Emoji,
        /// Whether they still do.
        on: bool,
    },
    /// It was deleted.
    Deleted,
}

/// How a membership changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MemberChange {
    /// They joined.
    Joined,
    /// They left.
    Left,
    /// They were removed.
    Kicked,
    /// They were shut out.
    Banned,
    /// Their role changed.
    Role,
}

impl MemberChange {
    /// Whether there are more or fewer members now than before.
    pub const fn is_of_their_number(self) -> bool {
        match self {
            Self::Joined | Self::Left | Self::Kicked | Self::Banned => true,
            Self::Role => false,
        }
    }
}

/// How what a person may do in a room has changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccessChange {
    /// They belong now.
    Added,
    /// They belong as before, and may do something else.
    Changed,
    /// They belong no more.
    Removed(Removal),
}

/// Why someone belongs to a room no more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Removal {
    /// They left.
    Left,
    /// They were removed.
    Kicked,
    /// They were shut out.
    Banned,
    /// The room is gone.
    Deleted,
}

/// Why a message concerns a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotificationKind {
    /// It mentions them.
    Mention,
    /// It is in a direct room of theirs.
    Direct,
    /// It answers a message of theirs.
    Reply,
}

impl Notice {
    /// The room in which it is said, where only nodes that follow that room need to hear it. What
    /// concerns a person or a session has none, even if it is about a room: each node keeps what it
    /// knows of memberships, and a person may be connected to any.
    pub const fn room(&self) -> Option<RoomId> {
        match self {
            Self::Changed { room, .. }
            | Self::Receipt { room, .. }
            | Self::Typing { room, .. }
            | Self::Visit { room, .. } => Some(*room),
            Self::AccessChanged { .. }
            | Self::Notification { .. }
            | Self::Media(_)
            | Self::Presence { .. }
            | Self::SessionsEnded(_) => None,
        }
    }
}

/// Something heard on the bus.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Heard {
    /// A notice.
    Notice(std::sync::Arc<Notice>),
    /// Some notices were missed: ask the store about whatever matters.
    Gap,
}

/// Notices as they come.
pub type Notices = Pin<Box<dyn Stream<Item = Heard> + Send>>;

/// Carries notices between nodes, at most once each.
///
/// # Obligations
/// - `every_listener_hears_a_notice`: those of the publishing node included.
/// - `notices_of_one_room_keep_their_order`: when published one after another.
/// - `a_slow_listener_hears_of_the_gap`: it loses notices, not memory, and delays nobody.
/// - `a_listener_hears_only_what_comes_after`.
#[async_trait]
pub trait Bus: Send + Sync + 'static {
    /// Tells everybody who listens. Returns at once; a notice may be lost.
    async fn publish(&self, notice: Notice) -> Result<(), Failure>;

    /// Listens from now on.
    async fn listen(&self) -> Result<Notices, Failure>;

    /// From now on this node wants notices of these rooms.
    async fn follow(&self, rooms: &[RoomId]) -> Result<(), Failure>;

    /// From now on it does not.
    async fn unfollow(&self, rooms: &[RoomId]) -> Result<(), Failure>;
}
