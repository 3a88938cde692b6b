//! The rooms of one user, and the users they meet there.

use diesel::dsl::{auto_type, count};
use diesel::prelude::*;
use domain::port::members::Relation;
use domain::{RoomId, UserId};
use uuid::Uuid;

use crate::columns::{Key, keys};
use crate::failure::Broken;
use crate::rows::{MembershipRow, at_most, in_order};
use crate::schema::{memberships, mentions, rooms};

diesel::alias!(memberships as mine: Mine);

/// The rooms that a user belongs to.
#[auto_type(no_type_alias)]
fn rooms_of(user: UserId) -> _ {
    mine.inner_join(rooms::table.on(rooms::id.eq(mine.field(memberships::room))))
        .filter(mine.field(memberships::user).eq(Key::<UserId>(user)))
        .filter(mine.field(memberships::left_at).is_null())
        .filter(rooms::deleted_at.is_null())
        .select(mine.field(memberships::room))
}

pub(super) fn companions(
    db: &mut SqliteConnection,
    user: UserId,
    among: &[UserId],
) -> Result<Vec<UserId>, Broken> {
    let found: Vec<Key<UserId>> = memberships::table
        .filter(memberships::user.eq_any(keys(among)))
        .filter(memberships::left_at.is_null())
        .filter(memberships::room.eq_any(rooms_of(user)))
        .select(memberships::user)
        .distinct()
        .load(db)?;
    let found = found.into_iter().map(|key| key.0).collect();
    Ok(in_order(among, found, |user| *user))
}

pub(super) fn peers(
    db: &mut SqliteConnection,
    user: UserId,
    after: Option<UserId>,
    limit: usize,
) -> Result<Vec<UserId>, Broken> {
    let mut found = memberships::table
        .filter(memberships::room.eq_any(rooms_of(user)))
        .filter(memberships::left_at.is_null())
        .filter(memberships::user.ne(Key(user)))
        .order(memberships::user)
        .limit(at_most(limit))
        .select(memberships::user)
        .distinct()
        .into_boxed();
    if let Some(after) = after {
        found = found.filter(memberships::user.gt(Key(after)));
    }
    let found: Vec<Key<UserId>> = found.load(db)?;
    Ok(found.into_iter().map(|key| key.0).collect())
}

/// Follows the index of the user's memberships, up to the limit.
pub(super) fn small_rooms(
    db: &mut SqliteConnection,
    user: UserId,
    most_members: i64,
    limit: usize,
) -> Result<Vec<RoomId>, Broken> {
    let rooms: Vec<Key<RoomId>> = memberships::table
        .inner_join(rooms::table)
        .filter(memberships::user.eq(Key(user)))
        .filter(memberships::left_at.is_null())
        .filter(rooms::deleted_at.is_null())
        .filter(rooms::member_count.le(most_members))
        .order(memberships::room.desc())
        .limit(at_most(limit))
        .select(memberships::room)
        .load(db)?;
    Ok(rooms.into_iter().map(|key| key.0).collect())
}

pub(super) fn relations(
    db: &mut SqliteConnection,
    user: UserId,
    after: Option<RoomId>,
    limit: usize,
) -> Result<Vec<Relation>, Broken> {
    let seat = memberships::room
        .eq(rooms::id)
        .and(memberships::user.eq(Key(user)));
    let after = after.unwrap_or(RoomId::from_uuid(Uuid::nil()));
    let rows: Vec<(Key<RoomId>, Option<MembershipRow>)> = rooms::table
        .left_join(memberships::table.on(seat))
        .filter(rooms::deleted_at.is_null())
        .filter(rooms::id.gt(Key(after)))
        .order(rooms::id)
        .limit(at_most(limit))
        .select((rooms::id, Option::<MembershipRow>::as_select()))
        .load(db)?;
    let relations = rows.into_iter().map(|(room, row)| {
        Ok(Relation {
            room: room.0,
            membership: row.map(MembershipRow::read).transpose()?,
        })
    });
    relations.collect()
}

/// How many messages after the read cursor mention a user, by room.
pub(super) fn unread(
    db: &mut SqliteConnection,
    user: UserId,
    among: &[RoomId],
) -> Result<Vec<(RoomId, i64)>, Broken> {
    let seat = memberships::room
        .eq(mentions::room)
        .and(memberships::user.eq(mentions::user));
    let counts: Vec<(Key<RoomId>, i64)> = mentions::table
        .inner_join(rooms::table)
        .inner_join(memberships::table.on(seat))
        .filter(mentions::user.eq(Key(user)))
        .filter(mentions::room.eq_any(keys(among)))
        .filter(mentions::seq.gt(memberships::read_seq))
        .filter(memberships::left_at.is_null())
        .filter(rooms::deleted_at.is_null())
        .group_by(mentions::room)
        .select((
            mentions::room,
            count(mentions::message).aggregate_distinct(),
        ))
        .load(db)?;
    let counts = counts.into_iter().map(|(room, count)| (room.0, count));
    Ok(in_order(among, counts.collect(), |(room, _)| *room))
}
