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

/// One statement for each table that changes, all sent together.
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
        // Names first: here somebody else may have been quicker.
        write(db, NewNames::of(placed)),
        write(db, NewMessages::of(placed)),
        write(db, Hung::of(placed)),
        write(db, NewMentions::of(placed)),
        write(db, CountedThreads::of(placed)),
        write(db, MovedHeads::of(placed)),
        write(db, MovedCursors::of(placed)),
        events::store(db, events),
    )?;
    // Somebody took a name in a room that is not locked here, or an upload was cleared away.
    if named && hung {
        Ok(())
    } else {
        Err(Broken::Overtaken)
    }
}
