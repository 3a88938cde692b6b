//! The first members of many rooms.

use diesel::pg::Pg;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::{Array, BigInt, Uuid};
use domain::{RoomId, UserId};

use crate::columns::{Key, keys};
use crate::prelude::*;
use crate::rows::at_most;

/// Reads no more of each room's index than was asked for, so a large room costs no more than a small
/// one.
#[derive(QueryId)]
pub(super) struct Rosters {
    rooms: Vec<Key<RoomId>>,
    most: i64,
}

impl Rosters {
    pub(super) fn of(rooms: &[RoomId], most: usize) -> Self {
        Self {
            rooms: keys(rooms),
            most: at_most(most),
        }
    }
}

impl Query for Rosters {
    type SqlType = (BigInt, Uuid, Uuid);
}

impl QueryFragment<Pg> for Rosters {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql("SELECT asked.place, asked.room_id, seat.user_id FROM unnest(");
        out.push_bind_param::<Array<Uuid>, _>(&self.rooms)?;
        out.push_sql(
            ") WITH ORDINALITY AS asked (room_id, place) \
             JOIN rooms ON rooms.id = asked.room_id AND rooms.deleted_at IS NULL \
             CROSS JOIN LATERAL (SELECT user_id FROM memberships \
                 WHERE memberships.room_id = asked.room_id AND left_at IS NULL \
                 ORDER BY user_id LIMIT ",
        );
        out.push_bind_param::<BigInt, _>(&self.most)?;
        out.push_sql(") AS seat ORDER BY asked.place, seat.user_id");
        Ok(())
    }
}

/// One roster for each requested room, in request order, repetitions included.
pub(super) fn by_room(rows: &[(i64, Key<RoomId>, Key<UserId>)]) -> Vec<(RoomId, Vec<UserId>)> {
    rows.chunk_by(|(one, ..), (next, ..)| one == next)
        .filter_map(|roster| {
            let (_, room, _) = roster.iter().next()?;
            let users = roster.iter().map(|(.., user)| user.0);
            Some((room.0, users.collect()))
        })
        .collect()
}
