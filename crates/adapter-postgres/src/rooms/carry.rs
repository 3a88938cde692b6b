//! Looking up what steps need, and storing what they change.

use std::collections::BTreeSet;

use domain::port::members::Ban;
use domain::port::rooms::Act;
use domain::stepping::{BanChange, Changes, InviteChange};
use domain::{InviteCode, Membership, RoomId, Timestamp, UserId};
use futures::future::try_join_all;
use futures::try_join;

use super::create::keep_invite;
use crate::columns::{Key, Moment};
use crate::failure::Broken;
use crate::prelude::*;
use crate::rows::{MembershipRow, RoomRow};
use crate::schema::{bans, invites, memberships, rooms};

/// The memberships and tombstones of these users. They are locked as well, because cursors and
/// notification settings change without the room's lock, and a row is written back as a whole.
pub(super) async fn seats(
    db: &mut AsyncPgConnection,
    room: RoomId,
    users: &BTreeSet<UserId>,
) -> Result<Vec<Membership>, Broken> {
    if users.is_empty() {
        return Ok(Vec::new());
    }
    let users: Vec<Key<UserId>> = users.iter().copied().map(Key).collect();
    let rows: Vec<MembershipRow> = memberships::table
        .filter(memberships::room_id.eq(Key(room)))
        .filter(memberships::user_id.eq_any(users))
        .order(memberships::user_id)
        .select(MembershipRow::as_select())
        .for_no_key_update()
        .load(db)
        .await?;
    rows.into_iter().map(MembershipRow::read).collect()
}

/// Stores the changes. The statements are pipelined.
pub(super) async fn keep(
    db: &AsyncPgConnection,
    act: &Act,
    changes: &Changes,
) -> Result<(), Broken> {
    let seats = changes.seats.iter().map(|seat| keep_seat(db, seat));
    try_join!(
        keep_room(db, act, changes),
        try_join_all(seats),
        keep_bans(db, act.room, &changes.bans),
        keep_invites(db, act, &changes.invites),
    )?;
    Ok(())
}

async fn keep_room(db: &AsyncPgConnection, act: &Act, changes: &Changes) -> Result<(), Broken> {
    if !changes.room_moved {
        return Ok(());
    }
    let mut row = RoomRow::of(&changes.outcome.room);
    row.deleted_at = changes.outcome.deleted.then_some(Moment(act.at));
    diesel::update(rooms::table.find(Key(act.room)))
        .set(row)
        .execute(&mut &*db)
        .await?;
    Ok(())
}

async fn keep_seat(db: &AsyncPgConnection, seat: &Membership) -> Result<(), Broken> {
    let row = MembershipRow::of(seat);
    diesel::insert_into(memberships::table)
        .values(&row)
        .on_conflict((memberships::room_id, memberships::user_id))
        .do_update()
        .set(&row)
        .execute(&mut &*db)
        .await?;
    Ok(())
}

async fn keep_bans(
    db: &AsyncPgConnection,
    room: RoomId,
    changes: &[BanChange],
) -> Result<(), Broken> {
    for change in changes {
        match change {
            BanChange::Set(ban) => ban_one(db, room, ban).await?,
            BanChange::Lifted(user) => {
                diesel::delete(bans::table.find((Key(room), Key(*user))))
                    .execute(&mut &*db)
                    .await?;
            }
        }
    }
    Ok(())
}

async fn ban_one(db: &AsyncPgConnection, room: RoomId, ban: &Ban) -> Result<(), Broken> {
    diesel::insert_into(bans::table)
        .values((
            bans::room_id.eq(Key(room)),
            bans::user_id.eq(Key(ban.user)),
            bans::at.eq(Moment(ban.at)),
            bans::by_id.eq(Key(ban.by)),
        ))
        .on_conflict_do_nothing()
        .execute(&mut &*db)
        .await?;
    Ok(())
}

async fn keep_invites(
    db: &AsyncPgConnection,
    act: &Act,
    changes: &[InviteChange],
) -> Result<(), Broken> {
    for change in changes {
        match change {
            InviteChange::Spent(code) => spend(db, act.room, code).await?,
            InviteChange::Made(invite) => keep_invite(db, invite).await?,
            InviteChange::AllRevoked => revoke_all(db, act.room, act.at).await?,
        }
    }
    Ok(())
}

async fn spend(db: &AsyncPgConnection, room: RoomId, code: &InviteCode) -> Result<(), Broken> {
    diesel::update(invites::table.find(code.as_str()))
        .filter(invites::room_id.eq(Key(room)))
        .set(invites::uses.eq(invites::uses + 1))
        .execute(&mut &*db)
        .await?;
    Ok(())
}

async fn revoke_all(db: &AsyncPgConnection, room: RoomId, at: Timestamp) -> Result<(), Broken> {
    diesel::update(invites::table)
        .filter(invites::room_id.eq(Key(room)))
        .filter(invites::revoked_at.is_null())
        .set(invites::revoked_at.eq(Moment(at)))
        .execute(&mut &*db)
        .await?;
    Ok(())
}
