//! The writing side of the outbox: part of every change that emits events.

use diesel::sql_types::{Integer, Nullable, Text, Timestamptz, Uuid};
use domain::{Event, EventId, RoomId};

use crate::columnar::{columnar, write};
use crate::columns::{Key, Moment};
use crate::failure::Broken;
use crate::prelude::*;
use crate::rows::OutboxRow;

columnar! {
    /// Events, numbered in this order.
    NewEvents {
        id: Uuid = Key<EventId>,
        lane: Integer = i32,
        at: Timestamptz = Moment,
        room_id: Nullable<Uuid> = Option<Key<RoomId>>,
        topic: Text = String,
        subject: Nullable<Uuid> = Option<Key<EventId>>,
    }
    "INSERT INTO outbox (id, lane, at, room_id, topic, subject) \
     SELECT id, lane, at, room_id, topic, subject FROM",
    "ON CONFLICT DO NOTHING"
}

/// Stores events in the transaction of the change they announce. An event that already exists is left
/// alone.
pub(crate) async fn store(
    db: &AsyncPgConnection,
    events: impl IntoIterator<Item = &Event>,
) -> Result<(), Broken> {
    let mut rows = NewEvents::default();
    for OutboxRow {
        id,
        lane,
        at,
        room_id,
        topic,
        subject,
    } in events.into_iter().map(OutboxRow::of)
    {
        rows.id.push(id);
        rows.lane.push(lane);
        rows.at.push(at);
        rows.room_id.push(room_id);
        rows.topic.push(topic);
        rows.subject.push(subject);
    }
    write(db, rows).await?;
    Ok(())
}
