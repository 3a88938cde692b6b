//! The next rev for a message.

use domain::{Rev, RoomId};

use crate::columns::Key;
use crate::failure::{Broken, Spot};
use crate::prelude::*;
use crate::schema::{messages, rooms};

/// Gives the room's next rev to a message of it, and answers which that is.
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
