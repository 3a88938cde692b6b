//! All rooms, and a user's relation to each.

use domain::port::members::Relation;
use domain::{RoomId, UserId};
use uuid::Uuid;

use crate::columns::Key;
use crate::failure::Broken;
use crate::prelude::*;
use crate::rows::{MembershipRow, at_most};
use crate::schema::{memberships, rooms};

pub(super) async fn relations(
    db: &mut AsyncPgConnection,
    user: UserId,
    after: Option<RoomId>,
    limit: usize,
) -> Result<Vec<Relation>, Broken> {
    let seat = memberships::room_id
        .eq(rooms::id)
        .and(memberships::user_id.eq(Key(user)));
    let after = after.unwrap_or(RoomId::from_uuid(Uuid::nil()));
    let rows: Vec<(Key<RoomId>, Option<MembershipRow>)> = rooms::table
        .left_join(memberships::table.on(seat))
        .filter(rooms::deleted_at.is_null())
        .filter(rooms::id.gt(Key(after)))
        .order(rooms::id)
        .limit(at_most(limit))
        .select((rooms::id, Option::<MembershipRow>::as_select()))
        .load(db)
        .await?;
    let relations = rows.into_iter().map(|(room, row)| {
        Ok(Relation {
            room: room.0,
            membership: row.map(MembershipRow::read).transpose()?,
        })
    });
    relations.collect()
}
