//! Events: things that happened and must have consequences once, even if this process dies now.

use uuid::Uuid;

use crate::{EventId, MediaId, MessageId, RoomId, Timestamp, UserId};

/// Something that happened. It is stored in the same transaction as the change that it reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Event {
    /// Identifies the event, so that its consequences are carried out once.
    pub id: EventId,
    /// When it happened.
    pub at: Timestamp,
    /// In which room, if any.
    pub room: Option<RoomId>,
    /// What happened.
    pub what: Happening,
}

/// What happened. It refers to things by id and does not copy them: a worker reads their present state,
/// so a message that was edited or deleted in the meantime is never published in its old form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Happening {
    /// A message was posted.
    MessageCreated(MessageId),
    /// A message's text changed.
    MessageEdited(MessageId),
    /// A message was deleted.
    MessageDeleted(MessageId),
    /// A user joined.
    MemberJoined(UserId),
    /// A user left or was removed.
    MemberLeft(UserId),
    /// A room was created.
    RoomCreated,
    /// A room's own properties changed.
    RoomUpdated,
    /// A room was deleted.
    RoomDeleted,
    /// A file was uploaded and has to be inspected.
    MediaUploaded(MediaId),
}

impl Happening {
    /// The routing key that it is published under.
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

    /// The id that it refers to besides the room's.
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

    /// The inverse of [`topic`](Self::topic) and [`subject`](Self::subject); `None` if nothing matches.
    /// It tries every variant, so that each topic is spelled in one place only.
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
    /// The number of outbox lanes. Events of one room share a lane, and a lane preserves order.
    pub const LANES: u8 = 16;

    /// The outbox lane of this event.
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
