//! Notices between nodes.

use std::pin::Pin;

use async_trait::async_trait;
use futures_core::Stream;

use crate::{
    Cursors, Emoji, Failure, Media, Membership, Message, MessageId, Room, RoomId, SessionId,
    Timestamp, UserId,
};

/// Something that other nodes, and the connections of this one, should learn of quickly.
///
/// Every notice is only a hint: everything that matters is in the store, and a node that misses a notice
/// catches up by itself within seconds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    /// Durable changes to one room, by rev.
    Changed {
        /// The room.
        room: RoomId,
        /// What changed.
        changes: Vec<RoomChange>,
    },
    /// A member's cursors moved.
    Receipt {
        /// The room.
        room: RoomId,
        /// The member.
        user: UserId,
        /// Their cursors now.
        cursors: Cursors,
    },
    /// A member started or stopped typing.
    Typing {
        /// The room.
        room: RoomId,
        /// The member.
        user: UserId,
        /// Whether they are typing.
        on: bool,
    },
    /// A user's first connection subscribed to a room, or their last one unsubscribed.
    Visit {
        /// The room.
        room: RoomId,
        /// The user.
        user: UserId,
        /// Whether they are subscribed now.
        on: bool,
    },
    /// A user came online or went offline.
    Presence {
        /// The user.
        user: UserId,
        /// When they were last online, if they are offline now.
        last_seen: Option<Timestamp>,
        /// Whether they are online.
        online: bool,
        /// The rooms to announce it in: those of the user's rooms that are small enough. A bus may drop
        /// entries beyond a few thousand.
        rooms: Vec<RoomId>,
    },
    /// A user's rights in a room changed, which includes joining and leaving it.
    AccessChanged {
        /// The room.
        room: RoomId,
        /// The user.
        user: UserId,
        /// How their rights changed.
        change: AccessChange,
    },
    /// A message concerns a user in particular.
    Notification {
        /// The user.
        user: UserId,
        /// The room.
        room: RoomId,
        /// The message.
        message: MessageId,
        /// Why it concerns them.
        kind: NotificationKind,
    },
    /// An upload was processed, for its owner.
    Media(Box<Media>),
    /// Sessions were ended.
    SessionsEnded(Vec<SessionId>),
}

/// One durable change to a room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RoomChange {
    /// A message was posted or changed.
    Message(Box<Message>, MessageChange),
    /// A membership changed.
    Member(Membership, MemberChange),
    /// The room's own properties changed.
    Room(Box<Room>),
    /// The room was deleted; this is its last state.
    RoomDeleted(Box<Room>),
}

/// How a message changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MessageChange {
    /// It was posted.
    Created,
    /// Its text, pin, thread or attachments changed.
    Updated,
    /// A user added or removed a reaction.
    Reacted {
        /// The user.
        user: UserId,
        /// The emoji.
        emoji: Emoji,
        /// Whether they added it.
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
    /// They were banned.
    Banned,
    /// Their role changed.
    Role,
}

impl MemberChange {
    /// Whether it changes the number of members.
    pub const fn is_of_their_number(self) -> bool {
        match self {
            Self::Joined | Self::Left | Self::Kicked | Self::Banned => true,
            Self::Role => false,
        }
    }
}

/// How a user's rights in a room have changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccessChange {
    /// They became a member.
    Added,
    /// They are still a member, with other rights.
    Changed,
    /// They are no longer a member.
    Removed(Removal),
}

/// Why someone is no longer a member of a room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Removal {
    /// They left.
    Left,
    /// They were removed.
    Kicked,
    /// They were banned.
    Banned,
    /// The room was deleted.
    Deleted,
}

/// Why a message concerns a user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotificationKind {
    /// It mentions them.
    Mention,
    /// It is in a direct room of theirs.
    Direct,
    /// It replies to a message of theirs.
    Reply,
}

impl Notice {
    /// The room that the notice is addressed to: only nodes that follow this room need it. A notice about
    /// a user or a session has none, even if it mentions a room: every node caches memberships, and a user
    /// may be connected to any node.
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

/// Something received from the bus.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Heard {
    /// A notice.
    Notice(std::sync::Arc<Notice>),
    /// Some notices were missed: whatever matters must be read from the store.
    Gap,
}

/// A stream of notices.
pub type Notices = Pin<Box<dyn Stream<Item = Heard> + Send>>;

/// Carries notices between nodes, delivering each at most once.
///
/// # Obligations
/// - `every_listener_hears_a_notice`: listeners on the publishing node included.
/// - `notices_of_one_room_keep_their_order`: if they are published one after another.
/// - `a_slow_listener_hears_of_the_gap`: it loses notices; it neither fills memory nor delays others.
/// - `a_listener_hears_only_what_comes_after`.
#[async_trait]
pub trait Bus: Send + Sync + 'static {
    /// Publishes a notice to all listeners. Returns at once; the notice may be lost.
    async fn publish(&self, notice: Notice) -> Result<(), Failure>;

    /// Starts listening.
    async fn listen(&self) -> Result<Notices, Failure>;

    /// Subscribes this node to notices for these rooms.
    async fn follow(&self, rooms: &[RoomId]) -> Result<(), Failure>;

    /// Unsubscribes this node from them.
    async fn unfollow(&self, rooms: &[RoomId]) -> Result<(), Failure>;
}
