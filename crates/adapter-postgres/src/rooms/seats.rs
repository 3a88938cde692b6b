//! The first members of a new room.

use diesel::sql_types::{BigInt, Text, Timestamptz, Uuid};
use domain::{Membership, Role, Room, RoomId, UserId};

use crate::columnar::{columnar, write};
use crate::columns::{Key, Moment};
use crate::failure::Broken;
use crate::prelude::*;
use crate::rows::role_word;

columnar! {
    /// New memberships, with default settings.
    NewSeats {
        room_id: Uuid = Key<RoomId>,
        user_id: Uuid = Key<UserId>,
        role: Text = &'static str,
        joined_at: Timestamptz = Moment,
        from_seq: BigInt = i64,
        rev: BigInt = i64,
        read_seq: BigInt = i64,
        delivered_seq: BigInt = i64,
    }
    "INSERT INTO memberships \
     (room_id, user_id, role, joined_at, from_seq, rev, read_seq, delivered_seq, muted) \
     SELECT room_id, user_id, role, joined_at, from_seq, rev, read_seq, delivered_seq, false FROM",
    ""
}

/// A room with its first members, whose revs follow its own.
pub(super) fn settled(mut room: Room, people: &[(UserId, Role)]) -> (Room, Vec<Membership>) {
    let mut seats = Vec::with_capacity(people.len());
    for (user, role) in people {
        room.member_count = room.member_count.saturating_add(1);
        room.last_rev = room.last_rev.next();
        seats.push(Membership {
            role: *role,
            rev: room.last_rev,
            ..Membership::begin(&room, *user, room.created_at)
        });
    }
    (room, seats)
}

/// Stores them with one statement, however many there are.
pub(super) async fn keep(db: &AsyncPgConnection, seats: &[Membership]) -> Result<(), Broken> {
    let mut rows = NewSeats::default();
    for seat in seats {
        rows.room_id.push(Key(seat.room));
        rows.user_id.push(Key(seat.user));
        rows.role.push(role_word(seat.role));
        rows.joined_at.push(Moment(seat.joined_at));
        rows.from_seq.push(seat.from_seq.get());
        rows.rev.push(seat.rev.get());
        rows.read_seq.push(seat.cursors.read.get());
        rows.delivered_seq.push(seat.cursors.delivered.get());
    }
    write(db, rows).await?;
    Ok(())
}
