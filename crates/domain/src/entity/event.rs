//! Things that happened and must have consequences, once, even if this process dies now.

use crate::{EventId, MediaId, MessageId, RoomId, Timestamp, UserId};

/// Something that happened. It is stored with the change that it tells of, in one step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Event {
    /// Names the event, so that its consequences are drawn once.
    pub id: EventId,
    /// When it happened.
    pub at: Timestamp,
    /// Where.
    pub room: Option<RoomId>,
    /// What.
    pub what: Happening,
}

/// What happened. It names things and does not copy them: whoever works on it reads their present
/// state, so a message that was edited or deleted meanwhile is never told as it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Happening {
    /// A message was posted.
    MessageCreated(MessageId),
    /// A message's text changed.
    MessageEdited(MessageId),
    /// A message was deleted.
    MessageDeleted(MessageId),
    /// Someone joined.
    MemberJoined(UserId),
    /// Someone left or was removed.
    MemberLeft(UserId),
    /// A room was made.
    RoomCreated,
    /// A room's own properties changed.
    RoomUpdated,
    /// A room was deleted.
    RoomDeleted,
    /// A file was uploaded and waits to be looked at.
    MediaUploaded(MediaId),
}

impl Happening {
    /// The routing key under which it is published.
    pub const fn topic(&self) -> &'static str {
        match self {
            Self::MessageCreated(_) => "message.created",
            Self::MessageEdited(_) => "message.edited",
            Self::MessageDeleted(_) => "message.deleted",
            Self::MemberJoined(_) => "member.joined",
            Self::MemberLeft(_) => "member.left",
            Self::RoomCreated => "room.created",
            Self::RoomUpdated => "room.updated",
            Self::RoomDeleted => "room.deleted",
            Self::MediaUploaded(_) => "media.uploaded",
        }
    }
}

impl Event {
    /// How many lanes the outbox has. Events of one room share a lane, and a lane keeps its order.
    pub const LANES: u8 = 16;

    /// The lane that this event leaves by.
    pub fn lane(&self) -> u8 {
        let bytes = self
            .room
            .map_or(self.id.as_uuid(), RoomId::as_uuid)
            .into_bytes();
        bytes
            .iter()
            .fold(0u8, |sum, byte| sum.wrapping_mul(31).wrapping_add(*byte))
            % Self::LANES
    }
}
