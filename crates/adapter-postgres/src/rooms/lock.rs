//! The lock that every change to a room's data begins with.

use domain::{Room, RoomId};

use crate::columns::Key;
use crate::failure::Broken;
use crate::prelude::*;
use crate::rows::RoomRow;
use crate::schema::rooms;

/// A room, unless it was deleted, locked until the end of the transaction. Everything that changes a
/// room waits here, and sees in its next statement what the previous holders committed: a single
/// statement that locks and also reads elsewhere would read there what was current before it waited.
/// Statements that merely reference the room do not wait.
pub(crate) async fn lock(db: &mut AsyncPgConnection, id: RoomId) -> Result<Option<Room>, Broken> {
    let row: Option<RoomRow> = rooms::table
        .find(Key(id))
        .filter(rooms::deleted_at.is_null())
        .select(RoomRow::as_select())
        .for_no_key_update()
        .first(db)
        .await
        .optional()?;
    row.map(RoomRow::read).transpose()
}
