//! Finding rooms by name.

use std::cmp::Reverse;

use diesel::sql_types::{Nullable, Text};
use domain::port::rooms::Browse;
use domain::{Room, RoomId};
use uuid::Uuid;

use super::find::read;
use super::public::Public;
use crate::columns::Key;
use crate::failure::Broken;
use crate::prelude::*;
use crate::rows::{RoomRow, at_most};
use crate::schema::{memberships, rooms};

diesel::define_sql_function! {
    /// The position of a part in a text, without wildcards; 0 if it is not in there.
    fn strpos(text: Nullable<Text>, part: Text) -> Nullable<Integer>;
}

/// Public rooms and the user's own private ones, newest first. Each kind has its own index and is read
/// up to the limit.
///
/// Without a search, a page costs no more when there are many rooms that are not shown. A search also
/// reads the rooms whose names do not contain the text, until the page is full: if few do, all of them.
pub(super) async fn page(db: &mut AsyncPgConnection, browse: &Browse) -> Result<Vec<Room>, Broken> {
    // Where the page ends. No room has the largest possible id.
    let end = Key(browse.before.unwrap_or(RoomId::from_uuid(Uuid::max())));
    // Every name contains the empty text.
    let part = browse.contains.as_deref().unwrap_or_default();
    let limit = at_most(browse.limit);

    let open = rooms::table
        .filter(Public)
        .filter(rooms::id.lt(end))
        .filter(strpos(rooms::name_key, part).gt(0))
        .order(rooms::id.desc())
        .limit(limit)
        .select(RoomRow::as_select());
    let own = memberships::table
        .inner_join(rooms::table)
        .filter(memberships::user_id.eq(Key(browse.user)))
        .filter(memberships::room_id.lt(end))
        .filter(memberships::left_at.is_null())
        .filter(rooms::kind.eq("private"))
        .filter(rooms::deleted_at.is_null())
        .filter(strpos(rooms::name_key, part).gt(0))
        .order(memberships::room_id.desc())
        .limit(limit)
        .select(RoomRow::as_select());

    let mut found = read(open.union_all(own).load(db).await?)?;
    found.sort_unstable_by_key(|room| Reverse(room.id));
    found.truncate(browse.limit);
    Ok(found)
}

/// The oldest public room with a name, in the spelling of [`RoomName::key`](domain::RoomName::key).
pub(super) async fn named(db: &mut AsyncPgConnection, key: &str) -> Result<Option<Room>, Broken> {
    let row: Option<RoomRow> = rooms::table
        .filter(Public)
        .filter(rooms::name_key.eq(key))
        .order((rooms::created_at, rooms::id))
        .select(RoomRow::as_select())
        .first(db)
        .await
        .optional()?;
    row.map(RoomRow::read).transpose()
}
