//! Uploads and reactions of a message, as columns of the statement that reads messages.
//!
//! A subquery per message costs less than another statement and its round trip, and most messages have
//! neither.

use diesel::expression::{AppearsOnTable, Expression, SelectableExpression, ValidGrouping};
use diesel::pg::Pg;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::{Array, BigInt, Record, Text, Uuid};
use domain::UserId;

use crate::columns::Key;
use crate::prelude::*;
use crate::schema::{media, messages};

/// A message's uploads in their order.
#[derive(Clone, Copy, QueryId, ValidGrouping)]
pub(crate) struct Uploads;

impl Expression for Uploads {
    type SqlType = Array<Record<media::SqlType>>;
}

impl QueryFragment<Pg> for Uploads {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql("ARRAY(SELECT ROW(");
        media::all_columns.walk_ast(out.reborrow())?;
        out.push_sql(
            ") FROM media WHERE media.room_id = messages.room_id AND media.seq = messages.seq \
             ORDER BY media.place)",
        );
        Ok(())
    }
}

impl<Q> AppearsOnTable<Q> for Uploads where messages::seq: AppearsOnTable<Q> {}
impl<Q> SelectableExpression<Q> for Uploads where messages::seq: SelectableExpression<Q> {}

/// One emoji on a message: which one, its count, and which of the readers gave it.
pub(super) type ReactionRecord = (String, i64, Vec<Key<UserId>>);

/// A message's reactions, ordered by the first use of each emoji.
#[derive(Clone, QueryId, ValidGrouping)]
pub(crate) struct Reactions {
    pub(super) readers: Vec<Key<UserId>>,
}

impl Expression for Reactions {
    type SqlType = Array<Record<(Text, BigInt, Array<Uuid>)>>;
}

impl QueryFragment<Pg> for Reactions {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql(
            "ARRAY(SELECT ROW(reactions.emoji, count(*), coalesce(array_agg(reactions.user_id) \
             FILTER (WHERE reactions.user_id = ANY(",
        );
        out.push_bind_param::<Array<Uuid>, _>(&self.readers)?;
        out.push_sql(
            ")), '{}')) FROM reactions WHERE reactions.room_id = messages.room_id \
             AND reactions.seq = messages.seq \
             GROUP BY reactions.emoji ORDER BY min(reactions.num))",
        );
        Ok(())
    }
}

impl<Q> AppearsOnTable<Q> for Reactions where messages::seq: AppearsOnTable<Q> {}
impl<Q> SelectableExpression<Q> for Reactions where messages::seq: SelectableExpression<Q> {}
