//! Which of the given users share a room with a user.

use diesel::pg::Pg;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::{Array, Uuid};
use domain::UserId;

use crate::columns::Key;
use crate::prelude::*;

/// Checks each of them separately, and stops at the first shared room: the limit keeps the planner from
/// gathering all members of all rooms.
#[derive(QueryId)]
pub(super) struct Companions {
    pub(super) user: Key<UserId>,
    pub(super) among: Vec<Key<UserId>>,
}

impl Query for Companions {
    type SqlType = Uuid;
}

impl QueryFragment<Pg> for Companions {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql("SELECT asked.user_id FROM unnest(");
        out.push_bind_param::<Array<Uuid>, _>(&self.among)?;
        out.push_sql(
            ") AS asked (user_id) \
             CROSS JOIN LATERAL (SELECT FROM memberships AS theirs \
                 JOIN memberships AS mine USING (room_id) \
                 JOIN rooms ON rooms.id = room_id AND rooms.deleted_at IS NULL \
                 WHERE theirs.user_id = asked.user_id AND theirs.left_at IS NULL \
                 AND mine.left_at IS NULL AND mine.user_id = ",
        );
        out.push_bind_param::<Uuid, _>(&self.user)?;
        out.push_sql(" LIMIT 1) AS shared");
        Ok(())
    }
}
