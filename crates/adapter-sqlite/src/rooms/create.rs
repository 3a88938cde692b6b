//! Creating rooms. There is only one writer, so a room that is not found here cannot be created by
//! another call in the meantime; besides, the schema refuses a second direct room for a pair.

use diesel::prelude::*;
use domain::port::rooms::{Created, NewDirect, NewRoom, Opened};
use domain::{Invite, Membership, Pair, Role, Room, UserId};

use super::find;
use crate::columns::Key;
use crate::events;
use crate::failure::Broken;
use crate::rows::{InviteRow, MembershipRow, RoomRow};
use crate::schema::{invites, memberships, rooms};

pub(super) fn room(db: &mut SqliteConnection, new: &NewRoom) -> Result<Created, Broken> {
    if new.unique_name && find::named(db, &new.name.key())?.is_some() {
        return Ok(Created::NameTaken);
    }
    let room = settle(db, new.room(), &new.seats())?;
    if let Some(invite) = new.invite() {
        keep_invite(db, &invite)?;
    }
    events::store(db, &new.events)?;
    Ok(Created::Made(room))
}

pub(super) fn direct(db: &mut SqliteConnection, new: &NewDirect) -> Result<Opened, Broken> {
    if let Some(room) = of_pair(db, new.pair)? {
        return Ok(Opened { room, fresh: false });
    }
    let room = settle(db, new.room(), &new.seats())?;
    events::store(db, &new.events)?;
    Ok(Opened { room, fresh: true })
}

/// Stores an invite, whose code must be unused.
pub(crate) fn keep_invite(db: &mut SqliteConnection, invite: &Invite) -> Result<(), Broken> {
    diesel::insert_into(invites::table)
        .values(InviteRow::of(invite))
        .execute(db)?;
    Ok(())
}

fn of_pair(db: &mut SqliteConnection, pair: Pair) -> Result<Option<Room>, Broken> {
    let row: Option<RoomRow> = rooms::table
        .filter(rooms::low.eq(Key(pair.low())))
        .filter(rooms::high.eq(Key(pair.high())))
        .filter(rooms::deleted_at.is_null())
        .select(RoomRow::as_select())
        .first(db)
        .optional()?;
    row.map(RoomRow::read).transpose()
}

/// Stores a room with its first members, whose revs follow its own.
fn settle(
    db: &mut SqliteConnection,
    mut room: Room,
    seats: &[(UserId, Role)],
) -> Result<Room, Broken> {
    let mut rows = Vec::with_capacity(seats.len());
    for (user, role) in seats {
        room.member_count = room.member_count.saturating_add(1);
        room.last_rev = room.last_rev.next();
        rows.push(MembershipRow::of(&Membership {
            role: *role,
            rev: room.last_rev,
            ..Membership::begin(&room, *user, room.created_at)
        }));
    }
    diesel::insert_into(rooms::table)
        .values(RoomRow::of(&room))
        .execute(db)?;
    for row in rows {
        diesel::insert_into(memberships::table)
            .values(row)
            .execute(db)?;
    }
    Ok(room)
}
