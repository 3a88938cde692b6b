//! Which of many users belong to which of many rooms.

use std::collections::BTreeSet;

use diesel::pg::Pg;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::{Array, Uuid};
use domain::{RoomId, UserId};

use crate::columns::Key;
use crate::prelude::*;

/// Looks up each pair by its key, however many there are.
#[derive(QueryId)]
pub(super) struct Living {
    rooms: Vec<Key<RoomId>>,
    users: Vec<Key<UserId>>,
}

impl Living {
    pub(super) fn of(pairs: &[(RoomId, UserId)]) -> Self {
        let pairs: BTreeSet<&(RoomId, UserId)> = pairs.iter().collect();
        let (rooms, users) = pairs
            .into_iter()
            .map(|(room, user)| (Key(*room), Key(*user)))
            .unzip();
        Self { rooms, users }
    }
}

impl Query for Living {
    type SqlType = (Uuid, Uuid);
}

impl QueryFragment<Pg> for Living {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql("SELECT asked.room_id, asked.user_id FROM unnest(");
        out.push_bind_param::<Array<Uuid>, _>(&self.rooms)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Uuid>, _>(&self.users)?;
        out.push_sql(
            ") AS asked (room_id, user_id) \
             JOIN memberships AS seat ON seat.room_id = asked.room_id \
                 AND seat.user_id = asked.user_id AND seat.left_at IS NULL \
             JOIN rooms ON rooms.id = asked.room_id AND rooms.deleted_at IS NULL",
        );
        Ok(())
    }
}
