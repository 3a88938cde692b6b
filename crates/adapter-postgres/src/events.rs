//! The writing side of the outbox: part of every change that takes events.

use crate::prelude::*;
use domain::Event;

use crate::failure::Broken;
use crate::rows::OutboxRow;
use crate::schema::outbox;

/// Stores events in the transaction of what they tell of. One that is there already stays as it is.
pub(crate) async fn store(
    db: &mut AsyncPgConnection,
    events: impl IntoIterator<Item = &Event>,
) -> Result<(), Broken> {
    let rows: Vec<OutboxRow> = events.into_iter().map(OutboxRow::of).collect();
    if rows.is_empty() {
        return Ok(());
    }
    diesel::insert_into(outbox::table)
        .values(rows)
        .on_conflict_do_nothing()
        .execute(db)
        .await?;
    Ok(())
}
