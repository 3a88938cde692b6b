//! Storing what steps have changed, in the rows of one room.

use diesel::prelude::*;
use domain::port::members::Ban;
use domain::port::rooms::Act;
use domain::stepping::{BanChange, Changes, InviteChange};
use domain::{InviteCode, Membership, RoomId, Timestamp};

use super::create::keep_invite;
use crate::columns::Key;
use crate::failure::Broken;
use crate::rows::{MembershipRow, RoomRow};
use crate::schema::{bans, invites, memberships, rooms};

pub(super) fn keep(db: &mut SqliteConnection, act: &Act, changes: &Changes) -> Result<(), Broken> {
    if changes.room_moved {
        keep_room(db, act, changes)?;
    }
    for seat in &changes.seats {
        keep_seat(db, seat)?;
    }
    for change in &changes.bans {
        match change {
            BanChange::Set(ban) => ban_one(db, act.room, ban)?,
            BanChange::Lifted(user) => {
                diesel::delete(bans::table.find((Key(act.room), Key(*user)))).execute(db)?;
            }
        }
    }
    for change in &changes.invites {
        match change {
            InviteChange::Spent(code) => spend(db, act.room, code)?,
            InviteChange::Made(invite) => keep_invite(db, invite)?,
            InviteChange::AllRevoked => revoke_all(db, act.room, act.at)?,
        }
    }
    Ok(())
}

fn keep_room(db: &mut SqliteConnection, act: &Act, changes: &Changes) -> Result<(), Broken> {
    let mut row = RoomRow::of(&changes.outcome.room);
    row.deleted_at = changes.outcome.deleted.then(|| act.at.as_millis());
    diesel::update(rooms::table.find(Key(act.room)))
        .set(row)
        .execute(db)?;
    Ok(())
}

fn keep_seat(db: &mut SqliteConnection, seat: &Membership) -> Result<(), Broken> {
    let row = MembershipRow::of(seat);
    diesel::insert_into(memberships::table)
        .values(&row)
        .on_conflict((memberships::room, memberships::user))
        .do_update()
        .set(&row)
        .execute(db)?;
    Ok(())
}

fn ban_one(db: &mut SqliteConnection, room: RoomId, ban: &Ban) -> Result<(), Broken> {
    diesel::insert_into(bans::table)
        .values((
            bans::room.eq(Key(room)),
            bans::user.eq(Key(ban.user)),
            bans::at.eq(ban.at.as_millis()),
            bans::by.eq(Key(ban.by)),
        ))
        .on_conflict_do_nothing()
        .execute(db)?;
    Ok(())
}

fn spend(db: &mut SqliteConnection, room: RoomId, code: &InviteCode) -> Result<(), Broken> {
    diesel::update(invites::table.find(code.as_str()))
        .filter(invites::room.eq(Key(room)))
        .set(invites::uses.eq(invites::uses + 1))
        .execute(db)?;
    Ok(())
}

fn revoke_all(db: &mut SqliteConnection, room: RoomId, at: Timestamp) -> Result<(), Broken> {
    diesel::update(invites::table)
        .filter(invites::room.eq(Key(room)))
        .filter(invites::revoked_at.is_null())
        .set(invites::revoked_at.eq(at.as_millis()))
        .execute(db)?;
    Ok(())
}
