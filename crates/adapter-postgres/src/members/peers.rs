//! The users with whom a user shares a room.

use diesel::pg::Pg;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::{BigInt, Uuid};
use domain::UserId;

use crate::columns::Key;
use crate::prelude::*;

/// One page of them by id. Anyone on the page is among the first members of some room after the
/// previous page, so no room is read further than the length of a page.
#[derive(QueryId)]
pub(super) struct Peers {
    pub(super) user: Key<UserId>,
    pub(super) after: Key<UserId>,
    pub(super) limit: i64,
}

impl Query for Peers {
    type SqlType = Uuid;
}

impl QueryFragment<Pg> for Peers {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql(
            "SELECT DISTINCT peer.user_id FROM memberships AS mine \
             JOIN rooms ON rooms.id = mine.room_id AND rooms.deleted_at IS NULL \
             CROSS JOIN LATERAL (SELECT user_id FROM memberships AS theirs \
                 WHERE theirs.room_id = mine.room_id AND left_at IS NULL AND user_id <> ",
        );
        out.push_bind_param::<Uuid, _>(&self.user)?;
        out.push_sql(" AND user_id > ");
        out.push_bind_param::<Uuid, _>(&self.after)?;
        out.push_sql(" ORDER BY user_id LIMIT ");
        out.push_bind_param::<BigInt, _>(&self.limit)?;
        out.push_sql(") AS peer WHERE mine.left_at IS NULL AND mine.user_id = ");
        out.push_bind_param::<Uuid, _>(&self.user)?;
        out.push_sql(" ORDER BY peer.user_id LIMIT ");
        out.push_bind_param::<BigInt, _>(&self.limit)?;
        Ok(())
    }
}
