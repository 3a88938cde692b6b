//! The members of one room.

use std::collections::BTreeMap;

use diesel::dsl::{auto_type, exists};
use domain::port::members::Ban;
use domain::{Membership, Notifications, RoomId, UserId, Username};
use uuid::Uuid;

use crate::columns::{Key, Moment, keys};
use crate::failure::Broken;
use crate::prelude::*;
use crate::rows::{MembershipRow, at_most, in_order};
use crate::schema::{bans, memberships, rooms, users};

/// Where a list begins. No user has the smallest possible id.
pub(super) const START: UserId = UserId::from_uuid(Uuid::nil());

/// The memberships of a room, unless it was deleted.
#[auto_type]
fn ever_of_room(room: RoomId) -> _ {
    memberships::table
        .inner_join(rooms::table)
        .filter(memberships::room_id.eq(Key::<RoomId>(room)))
        .filter(rooms::deleted_at.is_null())
}

/// The same, without tombstones.
#[auto_type(no_type_alias)]
fn of_room(room: RoomId) -> _ {
    let ever: ever_of_room = ever_of_room(room);
    ever.filter(memberships::left_at.is_null())
}

pub(super) async fn page(
    db: &mut AsyncPgConnection,
    room: RoomId,
    after: Option<UserId>,
    limit: usize,
) -> Result<Vec<Membership>, Broken> {
    let rows: Vec<MembershipRow> = of_room(room)
        .filter(memberships::user_id.gt(Key(after.unwrap_or(START))))
        .order(memberships::user_id)
        .limit(at_most(limit))
        .select(MembershipRow::as_select())
        .load(db)
        .await?;
    read(rows)
}

pub(super) async fn find(
    db: &mut AsyncPgConnection,
    room: RoomId,
    users: &[UserId],
) -> Result<Vec<Membership>, Broken> {
    let mut found = find_ever(db, room, users).await?;
    found.retain(|membership| membership.left_at.is_none());
    Ok(found)
}

pub(super) async fn find_ever(
    db: &mut AsyncPgConnection,
    room: RoomId,
    users: &[UserId],
) -> Result<Vec<Membership>, Broken> {
    let rows: Vec<MembershipRow> = ever_of_room(room)
        .filter(memberships::user_id.eq_any(keys(users)))
        .select(MembershipRow::as_select())
        .load(db)
        .await?;
    Ok(in_order(users, read(rows)?, |member| member.user))
}

pub(super) async fn named(
    db: &mut AsyncPgConnection,
    room: RoomId,
    names: &[Username],
) -> Result<Vec<UserId>, Broken> {
    let names: Vec<String> = names.iter().map(Username::key).collect();
    let found: Vec<(String, Key<UserId>)> = of_room(room)
        .inner_join(users::table.on(users::id.eq(memberships::user_id)))
        .filter(users::username_key.eq_any(&names))
        .select((users::username_key.assume_not_null(), users::id))
        .load(db)
        .await?;
    let found: BTreeMap<String, Key<UserId>> = found.into_iter().collect();
    let members = names.iter().filter_map(|name| found.get(name));
    Ok(members.map(|key| key.0).collect())
}

pub(super) async fn bans(db: &mut AsyncPgConnection, room: RoomId) -> Result<Vec<Ban>, Broken> {
    let rows: Vec<(Key<UserId>, Moment, Key<UserId>)> = bans::table
        .inner_join(rooms::table)
        .filter(bans::room_id.eq(Key(room)))
        .filter(rooms::deleted_at.is_null())
        .order((bans::at.desc(), bans::user_id.desc()))
        .select((bans::user_id, bans::at, bans::by_id))
        .load(db)
        .await?;
    let bans = rows.into_iter().map(|(user, at, by)| Ban {
        user: user.0,
        at: at.0,
        by: by.0,
    });
    Ok(bans.collect())
}

pub(super) async fn notify(
    db: &mut AsyncPgConnection,
    room: RoomId,
    user: UserId,
    notifications: Notifications,
) -> Result<bool, Broken> {
    let (muted, until) = match notifications {
        Notifications::On => (false, None),
        Notifications::Muted { until } => (true, until.map(Moment)),
    };
    let living = rooms::table
        .find(Key(room))
        .filter(rooms::deleted_at.is_null());
    let noted = diesel::update(memberships::table.find((Key(room), Key(user))))
        .filter(memberships::left_at.is_null())
        .filter(exists(living))
        .set((
            memberships::muted.eq(muted),
            memberships::muted_until.eq(until),
        ))
        .execute(db)
        .await?;
    Ok(noted > 0)
}

fn read(rows: Vec<MembershipRow>) -> Result<Vec<Membership>, Broken> {
    rows.into_iter().map(MembershipRow::read).collect()
}
