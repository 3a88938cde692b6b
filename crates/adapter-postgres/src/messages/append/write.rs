//! Writing what was decided.

use domain::placing::Placed;
use futures::try_join;

use super::rows::{
    CountedThreads, Hung, MovedCursors, MovedHeads, NewMentions, NewMessages, NewNames,
};
use crate::columnar::write;
use crate::events;
use crate::failure::Broken;
use crate::prelude::*;

/// Pipelines one statement for each table that changes.
pub(super) async fn write_all(
    db: &AsyncPgConnection,
    placed: &Placed<'_>,
    webhooks: bool,
) -> Result<(), Broken> {
    if placed.rooms().is_empty() {
        return Ok(());
    }
    let events = placed
        .messages()
        .filter(|(new, _)| webhooks || !new.only_for_webhooks)
        .flat_map(|(new, _)| &new.events);
    let (named, _, hung, ..) = try_join!(
        // Client ids first: only here can a concurrent batch have come first.
        write(db, NewNames::of(placed)),
        write(db, NewMessages::of(placed)),
        write(db, Hung::of(placed)),
        write(db, NewMentions::of(placed)),
        write(db, CountedThreads::of(placed)),
        write(db, MovedHeads::of(placed)),
        write(db, MovedCursors::of(placed)),
        events::store(db, events),
    )?;
    // A concurrent batch took a client id in a room that is not locked here, or an upload was removed.
    if named && hung {
        Ok(())
    } else {
        Err(Broken::Overtaken)
    }
}
