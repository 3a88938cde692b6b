//! Memberships as rows.

use diesel::prelude::*;
use diesel::sqlite::Sqlite;
use domain::{Cursors, Membership, Notifications, Rev, Role, RoomId, Seq, Timestamp, UserId};

use crate::columns::Key;
use crate::failure::{Broken, Spot};
use crate::schema::memberships;

/// A membership. An update writes the whole row, including empty columns.
#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = memberships, primary_key(room, user), check_for_backend(Sqlite))]
#[diesel(treat_none_as_null = true, treat_none_as_default_value = false)]
pub(crate) struct MembershipRow {
    room: Key<RoomId>,
    user: Key<UserId>,
    role: String,
    joined_at: i64,
    left_at: Option<i64>,
    from_seq: i64,
    rev: i64,
    read_seq: i64,
    delivered_seq: i64,
    silenced_until: Option<i64>,
    muted: bool,
    muted_until: Option<i64>,
}

impl MembershipRow {
    pub(crate) fn read(self) -> Result<Membership, Broken> {
        let place = format!("{}/{}", self.room.0, self.user.0);
        let spot = Spot::new("memberships", &place);
        let until = self.muted_until.map(Timestamp::from_millis);
        Ok(Membership {
            room: self.room.0,
            user: self.user.0,
            role: spot.known("role", role(&self.role))?,
            joined_at: Timestamp::from_millis(self.joined_at),
            left_at: self.left_at.map(Timestamp::from_millis),
            from_seq: spot.known("from_seq", Seq::new(self.from_seq))?,
            rev: spot.known("rev", Rev::new(self.rev))?,
            cursors: Cursors {
                read: spot.known("read_seq", Seq::new(self.read_seq))?,
                delivered: spot.known("delivered_seq", Seq::new(self.delivered_seq))?,
            },
            silenced_until: self.silenced_until.map(Timestamp::from_millis),
            notifications: if self.muted {
                Notifications::Muted { until }
            } else {
                Notifications::On
            },
        })
    }

    pub(crate) fn of(membership: &Membership) -> Self {
        let (muted, muted_until) = match membership.notifications {
            Notifications::On => (false, None),
            Notifications::Muted { until } => (true, until.map(Timestamp::as_millis)),
        };
        Self {
            room: Key(membership.room),
            user: Key(membership.user),
            role: role_word(membership.role).to_owned(),
            joined_at: membership.joined_at.as_millis(),
            left_at: membership.left_at.map(Timestamp::as_millis),
            from_seq: membership.from_seq.get(),
            rev: membership.rev.get(),
            read_seq: membership.cursors.read.get(),
            delivered_seq: membership.cursors.delivered.get(),
            silenced_until: membership.silenced_until.map(Timestamp::as_millis),
            muted,
            muted_until,
        }
    }
}

const fn role_word(role: Role) -> &'static str {
    match role {
        Role::Member => "member",
        Role::Admin => "admin",
        Role::Owner => "owner",
    }
}

fn role(word: &str) -> Option<Role> {
    [Role::Member, Role::Admin, Role::Owner]
        .into_iter()
        .find(|role| role_word(*role) == word)
}
