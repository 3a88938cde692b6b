//! Giving a message its room's next rev.

use domain::{Rev, RoomId};

use crate::columns::Key;
use crate::failure::{Broken, Spot};
use crate::prelude::*;
use crate::schema::{messages, rooms};

/// Gives a message its room's next rev, and returns that rev.
pub(crate) async fn touch(
    db: &mut AsyncPgConnection,
    room: RoomId,
    seq: i64,
) -> Result<Rev, Broken> {
    let rev: i64 = diesel::update(rooms::table.find(Key(room)))
        .set(rooms::last_rev.eq(rooms::last_rev + 1))
        .returning(rooms::last_rev)
        .get_result(db)
        .await?;
    diesel::update(messages::table.find((Key(room), seq)))
        .set(messages::rev.eq(rev))
        .execute(db)
        .await?;
    Spot::new("rooms", &room).known("last_rev", Rev::new(rev))
}
