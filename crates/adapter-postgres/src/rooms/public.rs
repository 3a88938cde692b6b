//! The condition for public rooms, as it is written in their indexes.

use diesel::expression::is_aggregate;
use diesel::expression::{AppearsOnTable, Expression, SelectableExpression, ValidGrouping};
use diesel::pg::Pg;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::result::QueryResult;
use diesel::sql_types::Bool;

use crate::schema::rooms;

/// That a room is public and not deleted.
///
/// Two partial indexes cover only these rooms, and this text matches their predicate literally: a
/// generic plan does not know the value of a bound parameter, and so could not tell that the index
/// applies.
#[derive(Clone, Copy, Debug, QueryId)]
pub(super) struct Public;

impl Expression for Public {
    type SqlType = Bool;
}

impl SelectableExpression<rooms::table> for Public {}
impl AppearsOnTable<rooms::table> for Public {}

impl ValidGrouping<()> for Public {
    type IsAggregate = is_aggregate::No;
}

impl QueryFragment<Pg> for Public {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql("rooms.kind = 'public' AND rooms.deleted_at IS NULL");
        Ok(())
    }
}
