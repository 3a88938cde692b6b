//! Reading rooms. A deleted room is not found, though its rows remain until they are cleared.

use domain::port::rooms::Access;
use domain::{Membership, Room, RoomId, UserId};

use super::accesses::{AccessRow, access_columns, read_access};
use crate::columns::{Key, keys};
use crate::failure::Broken;
use crate::prelude::*;
use crate::rows::{MembershipRow, RoomRow, in_order};
use crate::schema::{bans, memberships, rooms};

/// Runs before nearly every operation: one statement that reads three rows by key.
pub(super) async fn access(
    db: &mut AsyncPgConnection,
    room: RoomId,
    user: UserId,
) -> Result<Option<Access>, Broken> {
    let seat = memberships::room_id
        .eq(rooms::id)
        .and(memberships::user_id.eq(Key(user)))
        .and(memberships::left_at.is_null());
    let ban = bans::room_id.eq(rooms::id).and(bans::user_id.eq(Key(user)));
    let found: Option<AccessRow> = rooms::table
        .left_join(memberships::table.on(seat))
        .left_join(bans::table.on(ban))
        .filter(rooms::id.eq(Key(room)))
        .filter(rooms::deleted_at.is_null())
        .select(access_columns())
        .first(db)
        .await
        .optional()?;
    found.map(read_access).transpose()
}

pub(super) async fn these(db: &mut AsyncPgConnection, ids: &[RoomId]) -> Result<Vec<Room>, Broken> {
    let rows: Vec<RoomRow> = rooms::table
        .filter(rooms::id.eq_any(keys(ids)))
        .filter(rooms::deleted_at.is_null())
        .select(RoomRow::as_select())
        .load(db)
        .await?;
    Ok(in_order(ids, read(rows)?, |room| room.id))
}

pub(super) async fn of_member(
    db: &mut AsyncPgConnection,
    user: UserId,
) -> Result<Vec<(Room, Membership)>, Broken> {
    let rows: Vec<(RoomRow, MembershipRow)> = memberships::table
        .inner_join(rooms::table)
        .filter(memberships::user_id.eq(Key(user)))
        .filter(memberships::left_at.is_null())
        .filter(rooms::deleted_at.is_null())
        .order((rooms::active_at.desc(), rooms::id.desc()))
        .select((RoomRow::as_select(), MembershipRow::as_select()))
        .load(db)
        .await?;
    rows.into_iter()
        .map(|(room, membership)| Ok((room.read()?, membership.read()?)))
        .collect()
}

pub(super) fn read(rows: Vec<RoomRow>) -> Result<Vec<Room>, Broken> {
    rows.into_iter().map(RoomRow::read).collect()
}
