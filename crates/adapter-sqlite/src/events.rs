//! The writing side of the outbox: part of every change that takes events.

use diesel::prelude::*;
use domain::Event;

use crate::failure::Broken;
use crate::rows::OutboxRow;
use crate::schema::outbox;

/// Stores events in the transaction of what they tell of. One that is there already stays as it is.
pub(crate) fn store(db: &mut SqliteConnection, events: &[Event]) -> Result<(), Broken> {
    for event in events {
        diesel::insert_or_ignore_into(outbox::table)
            .values(OutboxRow::of(event))
            .execute(db)?;
    }
    Ok(())
}
