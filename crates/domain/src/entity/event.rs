//! Things that happened and must have consequences, once, even if this process dies now.

use uuid::Uuid;

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

    /// What it names besides the room.
    pub const fn subject(&self) -> Option<Uuid> {
        match self {
            Self::MessageCreated(id) | Self::MessageEdited(id) | Self::MessageDeleted(id) => {
                Some(id.as_uuid())
            }
            Self::MemberJoined(id) | Self::MemberLeft(id) => Some(id.as_uuid()),
            Self::MediaUploaded(id) => Some(id.as_uuid()),
            Self::RoomCreated | Self::RoomUpdated | Self::RoomDeleted => None,
        }
    }

    /// What has this topic and names this; nothing where there is no such thing. Every kind is tried, so
    /// that each topic stands in one place.
    pub fn of(topic: &str, subject: Option<Uuid>) -> Option<Self> {
        let id = subject.unwrap_or_default();
        let (message, user) = (MessageId::from_uuid(id), UserId::from_uuid(id));
        [
            Self::MessageCreated(message),
            Self::MessageEdited(message),
            Self::MessageDeleted(message),
            Self::MemberJoined(user),
            Self::MemberLeft(user),
            Self::RoomCreated,
            Self::RoomUpdated,
            Self::RoomDeleted,
            Self::MediaUploaded(MediaId::from_uuid(id)),
        ]
        .into_iter()
        .find(|what| what.topic() == topic && what.subject() == subject)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_happened_is_known_by_its_topic_and_what_it_names() {
        let id = Uuid::from_u128(7);
        for what in [
            Happening::MessageCreated(MessageId::from_uuid(id)),
            Happening::MessageEdited(MessageId::from_uuid(id)),
            Happening::MessageDeleted(MessageId::from_uuid(id)),
            Happening::MemberJoined(UserId::from_uuid(id)),
            Happening::MemberLeft(UserId::from_uuid(id)),
            Happening::RoomCreated,
            Happening::RoomUpdated,
            Happening::RoomDeleted,
            Happening::MediaUploaded(MediaId::from_uuid(id)),
        ] {
            assert_eq!(Happening::of(what.topic(), what.subject()), Some(what));
        }
    }

    #[test]
    fn what_names_too_much_or_too_little_is_nothing() {
        let id = Some(Uuid::from_u128(7));
        assert_eq!(Happening::of("message.sung", id), None);
        assert_eq!(Happening::of("message.created", None), None);
        assert_eq!(Happening::of("room.created", id), None);
    }
}
