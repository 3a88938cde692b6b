//! The format of events in RabbitMQ.

use domain::{Event, EventId, Happening, RoomId, Timestamp};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// An event as JSON. Times are milliseconds since 1970.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Body {
    id: Uuid,
    at: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    room: Option<Uuid>,
    topic: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    subject: Option<Uuid>,
}

/// Why a body is not an event.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Unreadable {
    #[error("it is not the JSON of an event")]
    Json(#[from] serde_json::Error),
    #[error("its topic and subject are unknown")]
    Topic,
}

pub(crate) fn write(event: &Event) -> Result<Vec<u8>, serde_json::Error> {
    serde_json::to_vec(&Body {
        id: event.id.as_uuid(),
        at: event.at.as_millis(),
        room: event.room.map(RoomId::as_uuid),
        topic: event.what.topic().to_owned(),
        subject: event.what.subject(),
    })
}

pub(crate) fn read(bytes: &[u8]) -> Result<Event, Unreadable> {
    let body: Body = serde_json::from_slice(bytes)?;
    Ok(Event {
        id: EventId::from_uuid(body.id),
        at: Timestamp::from_millis(body.at),
        room: body.room.map(RoomId::from_uuid),
        what: Happening::of(&body.topic, body.subject).ok_or(Unreadable::Topic)?,
    })
}

#[cfg(test)]
mod tests {
    use domain::{MediaId, MessageId, UserId};

    use super::*;

    #[test]
    fn every_event_reads_as_it_was_written() {
        let id = Uuid::from_u128(7);
        for (room, what) in [
            (Some(8), Happening::MessageEdited(MessageId::from_uuid(id))),
            (Some(8), Happening::MemberLeft(UserId::from_uuid(id))),
            (Some(8), Happening::RoomDeleted),
            (None, Happening::MediaUploaded(MediaId::from_uuid(id))),
        ] {
            let event = Event {
                id: EventId::from_uuid(Uuid::from_u128(9)),
                at: Timestamp::from_millis(5),
                room: room.map(|room| RoomId::from_uuid(Uuid::from_u128(room))),
                what,
            };
            assert_eq!(read(&write(&event).unwrap()).unwrap(), event);
        }
    }

    #[test]
    fn what_is_no_event_is_not_taken_for_one() {
        for bytes in [
            "",
            "{}",
            r#"{"id":"00000000-0000-0000-0000-000000000007","at":1,"topic":"message.sung"}"#,
            r#"{"id":"00000000-0000-0000-0000-000000000007","at":1,"topic":"message.created"}"#,
        ] {
            assert!(read(bytes.as_bytes()).is_err(), "{bytes}");
        }
    }
}
