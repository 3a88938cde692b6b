//! The lock that every change to what belongs to a room begins with.

use domain::{Room, RoomId};

use crate::columns::Key;
use crate::failure::Broken;
use crate::prelude::*;
use crate::rows::RoomRow;
use crate::schema::rooms;

/// A room, unless it was deleted, locked until the end of the transaction. Whoever changes something of a
/// room waits here, and sees in the next statement what those before have done: a statement that locks
/// and looks elsewhere as well would see elsewhere what was there before it waited. Who only refers to
/// the room does not wait.
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
