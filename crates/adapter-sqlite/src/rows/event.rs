//! Events as rows of the outbox.

use diesel::prelude::*;
use diesel::sqlite::Sqlite;
use domain::port::jobs::Queue;
use domain::{Event, EventId, Happening, RoomId, Timestamp};

use crate::columns::Key;
use crate::failure::{Broken, Spot};
use crate::schema::{outbox, outbox_parked};

/// A pending event. The topic determines the type of its subject, so the subject is read as an event
/// id, from which any other id can be made.
#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = outbox, check_for_backend(Sqlite))]
#[diesel(treat_none_as_default_value = false)]
pub(crate) struct OutboxRow {
    pub(crate) id: Key<EventId>,
    lane: i32,
    at: i64,
    room: Option<Key<RoomId>>,
    topic: String,
    subject: Option<Key<EventId>>,
}

/// An event that was parked for a queue.
#[derive(Insertable)]
#[diesel(table_name = outbox_parked, check_for_backend(Sqlite))]
pub(crate) struct ParkedRow {
    queue: &'static str,
    #[diesel(embed)]
    event: Parked,
    reason: String,
}

/// A parked event's columns.
#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = outbox_parked, check_for_backend(Sqlite))]
#[diesel(treat_none_as_default_value = false)]
pub(crate) struct Parked {
    id: Key<EventId>,
    lane: i32,
    at: i64,
    room: Option<Key<RoomId>>,
    topic: String,
    subject: Option<Key<EventId>>,
}

impl ParkedRow {
    pub(crate) fn of(queue: Queue, event: &Event, reason: &str) -> Self {
        let OutboxRow {
            id,
            lane,
            at,
            room,
            topic,
            subject,
        } = OutboxRow::of(event);
        Self {
            queue: queue.name(),
            event: Parked {
                id,
                lane,
                at,
                room,
                topic,
                subject,
            },
            reason: reason.to_owned(),
        }
    }
}

impl Parked {
    pub(crate) fn read(self) -> Result<Event, Broken> {
        OutboxRow {
            id: self.id,
            lane: self.lane,
            at: self.at,
            room: self.room,
            topic: self.topic,
            subject: self.subject,
        }
        .read()
    }
}

impl OutboxRow {
    pub(crate) fn of(event: &Event) -> Self {
        Self {
            id: Key(event.id),
            lane: i32::from(event.lane()),
            at: event.at.as_millis(),
            room: event.room.map(Key),
            topic: event.what.topic().to_owned(),
            subject: event.what.subject().map(EventId::from_uuid).map(Key),
        }
    }

    pub(crate) fn read(self) -> Result<Event, Broken> {
        let id = self.id.0;
        let subject = self.subject.map(|key| key.0.as_uuid());
        Ok(Event {
            id,
            at: Timestamp::from_millis(self.at),
            room: self.room.map(|key| key.0),
            what: Spot::new("outbox", &id).known("topic", Happening::of(&self.topic, subject))?,
        })
    }
}

#[cfg(test)]
mod tests {
    use domain::{MediaId, MessageId, UserId};
    use uuid::Uuid;

    use super::*;

    #[test]
    fn every_event_reads_as_it_was_written() {
        let id = Uuid::from_u128(7);
        let room = Some(RoomId::from_uuid(Uuid::from_u128(8)));
        for what in [
            Happening::MessageEdited(MessageId::from_uuid(id)),
            Happening::MemberLeft(UserId::from_uuid(id)),
            Happening::RoomDeleted,
            Happening::MediaUploaded(MediaId::from_uuid(id)),
        ] {
            let event = Event {
                id: EventId::from_uuid(Uuid::from_u128(9)),
                at: Timestamp::from_millis(5),
                room,
                what,
            };
            assert_eq!(OutboxRow::of(&event).read().unwrap(), event);
        }
    }
}
