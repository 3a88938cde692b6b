//! The members of one room.

use std::collections::{BTreeMap, BTreeSet};

use diesel::dsl::{auto_type, exists};
use diesel::prelude::*;
use domain::port::members::Ban;
use domain::{Membership, Notifications, RoomId, Timestamp, UserId};

use crate::columns::{Key, keys};
use crate::failure::Broken;
use crate::rooms::living;
use crate::rows::{MembershipRow, at_most, in_order};
use crate::schema::{bans, memberships, rooms, users};

/// The memberships of a room, unless it was deleted.
#[auto_type]
fn ever_of_room(room: RoomId) -> _ {
    memberships::table
        .inner_join(rooms::table)
        .filter(memberships::room.eq(Key::<RoomId>(room)))
        .filter(rooms::deleted_at.is_null())
}

/// The same, without tombstones.
#[auto_type(no_type_alias)]
fn of_room(room: RoomId) -> _ {
    let ever: ever_of_room = ever_of_room(room);
    ever.filter(memberships::left_at.is_null())
}

pub(super) fn page(
    db: &mut SqliteConnection,
    room: RoomId,
    after: Option<UserId>,
    limit: usize,
) -> Result<Vec<Membership>, Broken> {
    let mut members = of_room(room)
        .order(memberships::user)
        .limit(at_most(limit))
        .select(MembershipRow::as_select())
        .into_boxed();
    if let Some(after) = after {
        members = members.filter(memberships::user.gt(Key(after)));
    }
    read(members.load(db)?)
}

/// One short statement per room, so a large room costs no more than what is asked of it.
pub(super) fn rosters(
    db: &mut SqliteConnection,
    rooms: &[RoomId],
    most: usize,
) -> Result<Vec<(RoomId, Vec<UserId>)>, Broken> {
    let mut rosters = Vec::with_capacity(rooms.len());
    for room in rooms {
        let users: Vec<Key<UserId>> = of_room(*room)
            .order(memberships::user)
            .limit(at_most(most))
            .select(memberships::user)
            .load(db)?;
        if !users.is_empty() {
            rosters.push((*room, users.into_iter().map(|key| key.0).collect()));
        }
    }
    Ok(rosters)
}

pub(super) fn find(
    db: &mut SqliteConnection,
    room: RoomId,
    users: &[UserId],
) -> Result<Vec<Membership>, Broken> {
    let mut found = find_ever(db, room, users)?;
    found.retain(|membership| membership.left_at.is_none());
    Ok(found)
}

pub(super) fn find_ever(
    db: &mut SqliteConnection,
    room: RoomId,
    users: &[UserId],
) -> Result<Vec<Membership>, Broken> {
    let rows: Vec<MembershipRow> = ever_of_room(room)
        .filter(memberships::user.eq_any(keys(users)))
        .select(MembershipRow::as_select())
        .load(db)?;
    Ok(in_order(users, read(rows)?, |member| member.user))
}

/// The members with these names, in the spelling of [`domain::Username::key`].
pub(super) fn named(
    db: &mut SqliteConnection,
    room: RoomId,
    names: &[String],
) -> Result<Vec<UserId>, Broken> {
    let found: Vec<(String, Key<UserId>)> = of_room(room)
        .inner_join(users::table.on(users::id.eq(memberships::user)))
        .filter(users::username_key.eq_any(names))
        .select((users::username_key.assume_not_null(), users::id))
        .load(db)?;
    let found: BTreeMap<String, Key<UserId>> = found.into_iter().collect();
    let members = names.iter().filter_map(|name| found.get(name));
    Ok(members.map(|key| key.0).collect())
}

pub(super) fn bans(db: &mut SqliteConnection, room: RoomId) -> Result<Vec<Ban>, Broken> {
    let rows: Vec<(Key<UserId>, i64, Key<UserId>)> = bans::table
        .inner_join(rooms::table)
        .filter(bans::room.eq(Key(room)))
        .filter(rooms::deleted_at.is_null())
        .order((bans::at.desc(), bans::user.desc()))
        .select((bans::user, bans::at, bans::by))
        .load(db)?;
    let bans = rows.into_iter().map(|(user, at, by)| Ban {
        user: user.0,
        at: Timestamp::from_millis(at),
        by: by.0,
    });
    Ok(bans.collect())
}

pub(super) fn notify(
    db: &mut SqliteConnection,
    room: RoomId,
    user: UserId,
    notifications: Notifications,
) -> Result<bool, Broken> {
    if living(db, room)?.is_none() {
        return Ok(false);
    }
    let (muted, until) = match notifications {
        Notifications::On => (false, None),
        Notifications::Muted { until } => (true, until.map(Timestamp::as_millis)),
    };
    let noted = diesel::update(memberships::table.find((Key(room), Key(user))))
        .filter(memberships::left_at.is_null())
        .set((
            memberships::muted.eq(muted),
            memberships::muted_until.eq(until),
        ))
        .execute(db)?;
    Ok(noted > 0)
}

/// One short statement per pair, prepared only once: there may be more pairs than a statement can name.
pub(super) fn belonging(
    db: &mut SqliteConnection,
    pairs: BTreeSet<(RoomId, UserId)>,
) -> Result<Vec<(RoomId, UserId)>, Broken> {
    let mut belonging = Vec::with_capacity(pairs.len());
    for (room, user) in pairs {
        let seat = of_room(room).filter(memberships::user.eq(Key(user)));
        if diesel::select(exists(seat)).get_result(db)? {
            belonging.push((room, user));
        }
    }
    Ok(belonging)
}

fn read(rows: Vec<MembershipRow>) -> Result<Vec<Membership>, Broken> {
    rows.into_iter().map(MembershipRow::read).collect()
}
