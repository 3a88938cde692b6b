//! A user's access to several rooms.

use std::collections::BTreeSet;

use diesel::dsl::{AsSelect, Nullable};
use diesel::expression::Expression;
use diesel::pg::Pg;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::{Array, Uuid};
use domain::port::rooms::Access;
use domain::{RoomId, UserId};

use crate::columns::Key;
use crate::failure::Broken;
use crate::prelude::*;
use crate::rows::{MembershipRow, RoomRow};
use crate::schema::bans;

/// A room with the user's membership and ban.
pub(super) type AccessRow = (RoomRow, Option<MembershipRow>, Option<Key<UserId>>);

/// The columns selected for it.
type AccessColumns = (
    AsSelect<RoomRow, Pg>,
    AsSelect<Option<MembershipRow>, Pg>,
    Nullable<bans::user_id>,
);

/// Selects a room with the user's membership and ban.
pub(super) fn access_columns() -> AccessColumns {
    let seat = Option::<MembershipRow>::as_select();
    (RoomRow::as_select(), seat, bans::user_id.nullable())
}

/// Converts the row.
pub(super) fn read_access((room, seat, banned): AccessRow) -> Result<Access, Broken> {
    Ok(Access {
        room: room.read()?,
        membership: seat.map(MembershipRow::read).transpose()?,
        banned: banned.is_some(),
    })
}

/// Looks up three rows by key for each room. The limits keep the planner from gathering all of the
/// user's memberships and joining them with each room.
#[derive(QueryId)]
pub(super) struct Accesses {
    columns: AccessColumns,
    rooms: Vec<Key<RoomId>>,
    user: Key<UserId>,
}

impl Accesses {
    pub(super) fn of(rooms: &[RoomId], user: UserId) -> Self {
        let rooms: BTreeSet<&RoomId> = rooms.iter().collect();
        Self {
            columns: access_columns(),
            rooms: rooms.into_iter().copied().map(Key).collect(),
            user: Key(user),
        }
    }
}

impl Query for Accesses {
    type SqlType = <AccessColumns as Expression>::SqlType;
}

impl QueryFragment<Pg> for Accesses {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql("SELECT ");
        self.columns.walk_ast(out.reborrow())?;
        out.push_sql(" FROM unnest(");
        out.push_bind_param::<Array<Uuid>, _>(&self.rooms)?;
        out.push_sql(
            ") AS asked (room_id) \
             JOIN rooms ON rooms.id = asked.room_id AND rooms.deleted_at IS NULL \
             LEFT JOIN LATERAL (SELECT * FROM memberships AS seat \
                 WHERE seat.room_id = asked.room_id AND seat.left_at IS NULL AND seat.user_id = ",
        );
        out.push_bind_param::<Uuid, _>(&self.user)?;
        out.push_sql(
            " LIMIT 1) AS memberships ON true \
             LEFT JOIN LATERAL (SELECT user_id FROM bans AS ban \
                 WHERE ban.room_id = asked.room_id AND ban.user_id = ",
        );
        out.push_bind_param::<Uuid, _>(&self.user)?;
        out.push_sql(" LIMIT 1) AS bans ON true");
        Ok(())
    }
}
