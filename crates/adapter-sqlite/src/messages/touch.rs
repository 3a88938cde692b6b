//! Giving a message its room's next rev.

use diesel::prelude::*;
use domain::{Rev, RoomId};

use crate::columns::Key;
use crate::failure::{Broken, Spot};
use crate::schema::{messages, rooms};

/// Gives a message its room's next rev, and returns that rev.
pub(crate) fn touch(db: &mut SqliteConnection, room: RoomId, num: i64) -> Result<Rev, Broken> {
    let rev: i64 = diesel::update(rooms::table.find(Key(room)))
        .set(rooms::last_rev.eq(rooms::last_rev + 1))
        .returning(rooms::last_rev)
        .get_result(db)?;
    diesel::update(messages::table.find(num))
        .set(messages::rev.eq(rev))
        .execute(db)?;
    Spot::new("rooms", &room).known("last_rev", Rev::new(rev))
}
