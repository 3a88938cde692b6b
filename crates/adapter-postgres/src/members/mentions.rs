//! How many unread messages mention a user.

use diesel::pg::Pg;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::{Array, BigInt, Uuid};
use domain::{RoomId, UserId};

use crate::columns::Key;
use crate::prelude::*;

/// Counts from the read cursor on in each of these rooms, so mentions read long ago cost nothing.
#[derive(QueryId)]
pub(super) struct Unread {
    pub(super) user: Key<UserId>,
    pub(super) rooms: Vec<Key<RoomId>>,
}

impl Query for Unread {
    type SqlType = (Uuid, BigInt);
}

impl QueryFragment<Pg> for Unread {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql(
            "SELECT seat.room_id, unread.number FROM memberships AS seat \
             JOIN rooms ON rooms.id = seat.room_id AND rooms.deleted_at IS NULL \
             CROSS JOIN LATERAL (SELECT count(*) AS number FROM mentions \
                 WHERE mentions.user_id = seat.user_id AND mentions.room_id = seat.room_id \
                 AND mentions.seq > seat.read_seq) AS unread \
             WHERE unread.number > 0 AND seat.left_at IS NULL AND seat.user_id = ",
        );
        out.push_bind_param::<Uuid, _>(&self.user)?;
        out.push_sql(" AND seat.room_id = ANY(");
        out.push_bind_param::<Array<Uuid>, _>(&self.rooms)?;
        out.push_sql(")");
        Ok(())
    }
}
