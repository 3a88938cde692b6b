//! The writing side of the outbox: part of every change that emits events.

use diesel::prelude::*;
use domain::Event;

use crate::failure::Broken;
use crate::rows::OutboxRow;
use crate::schema::outbox;

/// Stores events in the transaction of the change they announce. An event that already exists is left
/// alone.
pub(crate) fn store(db: &mut SqliteConnection, events: &[Event]) -> Result<(), Broken> {
    for event in events {
        diesel::insert_or_ignore_into(outbox::table)
            .values(OutboxRow::of(event))
            .execute(db)?;
    }
    Ok(())
}
