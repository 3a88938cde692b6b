//! Reading rooms. A deleted room is not found, though its rows remain until they are cleared.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use diesel::dsl::exists;
use diesel::prelude::*;
use diesel::sql_types::{Nullable, Text};
use domain::port::rooms::{Access, Browse};
use domain::{Membership, Room, RoomId, UserId};
use uuid::Uuid;

use crate::columns::{Key, keys};
use crate::failure::Broken;
use crate::rows::{MembershipRow, RoomRow, at_most, in_order};
use crate::schema::{bans, memberships, rooms};

diesel::define_sql_function! {
    /// The position of a part in a text, without wildcards; 0 if it is not in there.
    fn instr(text: Nullable<Text>, part: Text) -> Nullable<Integer>;
}

/// A room, unless it was deleted.
pub(crate) fn living(db: &mut SqliteConnection, id: RoomId) -> Result<Option<Room>, Broken> {
    let row: Option<RoomRow> = rooms::table
        .find(Key(id))
        .filter(rooms::deleted_at.is_null())
        .select(RoomRow::as_select())
        .first(db)
        .optional()?;
    row.map(RoomRow::read).transpose()
}

/// A user's membership, unless they have left.
pub(super) fn member(
    db: &mut SqliteConnection,
    room: RoomId,
    user: UserId,
) -> Result<Option<Membership>, Broken> {
    let row: Option<MembershipRow> = memberships::table
        .find((Key(room), Key(user)))
        .filter(memberships::left_at.is_null())
        .select(MembershipRow::as_select())
        .first(db)
        .optional()?;
    row.map(MembershipRow::read).transpose()
}

/// The memberships and tombstones of these users.
pub(super) fn seats(
    db: &mut SqliteConnection,
    room: RoomId,
    users: BTreeSet<UserId>,
) -> Result<Vec<Membership>, Broken> {
    if users.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<MembershipRow> = memberships::table
        .filter(memberships::room.eq(Key(room)))
        .filter(memberships::user.eq_any(users.into_iter().map(Key)))
        .select(MembershipRow::as_select())
        .load(db)?;
    rows.into_iter().map(MembershipRow::read).collect()
}

/// Whether a user is banned.
pub(super) fn banned(
    db: &mut SqliteConnection,
    room: RoomId,
    user: UserId,
) -> Result<bool, Broken> {
    let ban = bans::table.find((Key(room), Key(user)));
    Ok(diesel::select(exists(ban)).get_result(db)?)
}

pub(super) fn access(
    db: &mut SqliteConnection,
    room: RoomId,
    user: UserId,
) -> Result<Option<Access>, Broken> {
    let Some(found) = living(db, room)? else {
        return Ok(None);
    };
    Ok(Some(Access {
        room: found,
        membership: member(db, room, user)?,
        banned: banned(db, room, user)?,
    }))
}

/// Like [`access`], for many rooms in one statement.
pub(super) fn accesses(
    db: &mut SqliteConnection,
    asked: &[RoomId],
    user: UserId,
) -> Result<Vec<Access>, Broken> {
    let seat = memberships::room
        .eq(rooms::id)
        .and(memberships::user.eq(Key(user)))
        .and(memberships::left_at.is_null());
    let ban = bans::room.eq(rooms::id).and(bans::user.eq(Key(user)));
    let found: Vec<(RoomRow, Option<MembershipRow>, Option<Key<UserId>>)> = rooms::table
        .left_join(memberships::table.on(seat))
        .left_join(bans::table.on(ban))
        .filter(rooms::id.eq_any(keys(asked)))
        .filter(rooms::deleted_at.is_null())
        .select((
            RoomRow::as_select(),
            Option::<MembershipRow>::as_select(),
            bans::user.nullable(),
        ))
        .load(db)?;
    let accesses = found.into_iter().map(|(room, seat, banned)| {
        Ok(Access {
            room: room.read()?,
            membership: seat.map(MembershipRow::read).transpose()?,
            banned: banned.is_some(),
        })
    });
    accesses.collect()
}

pub(super) fn these(db: &mut SqliteConnection, ids: &[RoomId]) -> Result<Vec<Room>, Broken> {
    let rows: Vec<RoomRow> = rooms::table
        .filter(rooms::id.eq_any(keys(ids)))
        .filter(rooms::deleted_at.is_null())
        .select(RoomRow::as_select())
        .load(db)?;
    Ok(in_order(ids, read(rows)?, |room| room.id))
}

/// Public rooms and the user's own private ones, newest first. Each kind has its own index and is read
/// up to the limit, so a page costs no more when there are many rooms that are not shown.
pub(super) fn browse(db: &mut SqliteConnection, browse: &Browse) -> Result<Vec<Room>, Broken> {
    let mut found = read(open_ones(db, browse)?)?;
    found.extend(read(private_ones(db, browse)?)?);
    found.sort_unstable_by_key(|room| Reverse(room.id));
    found.truncate(browse.limit);
    Ok(found)
}

fn open_ones(db: &mut SqliteConnection, browse: &Browse) -> QueryResult<Vec<RoomRow>> {
    rooms::table
        .filter(rooms::kind.eq("public"))
        .filter(rooms::deleted_at.is_null())
        .filter(rooms::id.lt(end(browse)))
        .filter(instr(rooms::name_key, part(browse)).gt(0))
        .order(rooms::id.desc())
        .limit(at_most(browse.limit))
        .select(RoomRow::as_select())
        .load(db)
}

fn private_ones(db: &mut SqliteConnection, browse: &Browse) -> QueryResult<Vec<RoomRow>> {
    memberships::table
        .inner_join(rooms::table)
        .filter(memberships::user.eq(Key(browse.user)))
        .filter(memberships::room.lt(end(browse)))
        .filter(memberships::left_at.is_null())
        .filter(rooms::kind.eq("private"))
        .filter(rooms::deleted_at.is_null())
        .filter(instr(rooms::name_key, part(browse)).gt(0))
        .order(memberships::room.desc())
        .limit(at_most(browse.limit))
        .select(RoomRow::as_select())
        .load(db)
}

/// Where a page ends. No room has the largest possible id.
fn end(browse: &Browse) -> Key<RoomId> {
    Key(browse.before.unwrap_or(RoomId::from_uuid(Uuid::max())))
}

/// What a name must contain; every name contains the empty text.
fn part(browse: &Browse) -> &str {
    browse.contains.as_deref().unwrap_or_default()
}

pub(super) fn of_member(
    db: &mut SqliteConnection,
    user: UserId,
) -> Result<Vec<(Room, Membership)>, Broken> {
    let rows: Vec<(RoomRow, MembershipRow)> = memberships::table
        .inner_join(rooms::table)
        .filter(memberships::user.eq(Key(user)))
        .filter(memberships::left_at.is_null())
        .filter(rooms::deleted_at.is_null())
        .order((rooms::active_at.desc(), rooms::id.desc()))
        .select((RoomRow::as_select(), MembershipRow::as_select()))
        .load(db)?;
    rows.into_iter()
        .map(|(room, membership)| Ok((room.read()?, membership.read()?)))
        .collect()
}

/// The oldest public room with a name, in the spelling of [`RoomName::key`](domain::RoomName::key).
pub(super) fn named(db: &mut SqliteConnection, key: &str) -> Result<Option<Room>, Broken> {
    let row: Option<RoomRow> = rooms::table
        .filter(rooms::kind.eq("public"))
        .filter(rooms::name_key.eq(key))
        .filter(rooms::deleted_at.is_null())
        .order((rooms::created_at, rooms::id))
        .select(RoomRow::as_select())
        .first(db)
        .optional()?;
    row.map(RoomRow::read).transpose()
}

fn read(rows: Vec<RoomRow>) -> Result<Vec<Room>, Broken> {
    rows.into_iter().map(RoomRow::read).collect()
}
