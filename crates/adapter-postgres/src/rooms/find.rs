//! Reading rooms. What was deleted is not there, though its rows are until they are cleared away.

use domain::port::rooms::Access;
use domain::{Membership, Room, RoomId, UserId};

use crate::columns::{Key, keys};
use crate::failure::Broken;
use crate::prelude::*;
use crate::rows::{MembershipRow, RoomRow, in_order};
use crate::schema::{bans, memberships, rooms};

/// Asked before nearly everything that anybody does.
pub(super) async fn access(
    db: &mut AsyncPgConnection,
    room: RoomId,
    user: UserId,
) -> Result<Option<Access>, Broken> {
    Ok(accesses(db, &[room], user).await?.pop())
}

/// One statement, of three rows for each room by their keys.
pub(super) async fn accesses(
    db: &mut AsyncPgConnection,
    asked: &[RoomId],
    user: UserId,
) -> Result<Vec<Access>, Broken> {
    let seat = memberships::room_id
        .eq(rooms::id)
        .and(memberships::user_id.eq(Key(user)))
        .and(memberships::left_at.is_null());
    let ban = bans::room_id.eq(rooms::id).and(bans::user_id.eq(Key(user)));
    let found: Vec<(RoomRow, Option<MembershipRow>, Option<Key<UserId>>)> = rooms::table
        .left_join(memberships::table.on(seat))
        .left_join(bans::table.on(ban))
        .filter(rooms::id.eq_any(keys(asked)))
        .filter(rooms::deleted_at.is_null())
        .select((
            RoomRow::as_select(),
            Option::<MembershipRow>::as_select(),
            bans::user_id.nullable(),
        ))
        .load(db)
        .await?;
    let accesses = found.into_iter().map(|(room, seat, banned)| {
        Ok(Access {
            room: room.read()?,
            membership: seat.map(MembershipRow::read).transpose()?,
            banned: banned.is_some(),
        })
    });
    accesses.collect()
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
