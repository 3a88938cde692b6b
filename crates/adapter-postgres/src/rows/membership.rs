//! Memberships as rows.

use diesel::pg::Pg;
use diesel::prelude::*;
use domain::{Cursors, Membership, Notifications, Rev, Role, RoomId, Seq, UserId};

use crate::columns::{Key, Moment};
use crate::failure::{Broken, Spot};
use crate::schema::memberships;

/// A membership. An update writes the whole row, including empty columns.
#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = memberships, primary_key(room_id, user_id), check_for_backend(Pg))]
#[diesel(treat_none_as_null = true, treat_none_as_default_value = false)]
pub(crate) struct MembershipRow {
    room_id: Key<RoomId>,
    user_id: Key<UserId>,
    role: String,
    joined_at: Moment,
    left_at: Option<Moment>,
    from_seq: i64,
    rev: i64,
    read_seq: i64,
    delivered_seq: i64,
    silenced_until: Option<Moment>,
    muted: bool,
    muted_until: Option<Moment>,
}

impl MembershipRow {
    pub(crate) fn read(self) -> Result<Membership, Broken> {
        let place = format!("{}/{}", self.room_id.0, self.user_id.0);
        let spot = Spot::new("memberships", &place);
        let until = self.muted_until.map(|moment| moment.0);
        Ok(Membership {
            room: self.room_id.0,
            user: self.user_id.0,
            role: spot.known("role", role(&self.role))?,
            joined_at: self.joined_at.0,
            left_at: self.left_at.map(|moment| moment.0),
            from_seq: spot.known("from_seq", Seq::new(self.from_seq))?,
            rev: spot.known("rev", Rev::new(self.rev))?,
            cursors: Cursors {
                read: spot.known("read_seq", Seq::new(self.read_seq))?,
                delivered: spot.known("delivered_seq", Seq::new(self.delivered_seq))?,
            },
            silenced_until: self.silenced_until.map(|moment| moment.0),
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
            Notifications::Muted { until } => (true, until.map(Moment)),
        };
        Self {
            room_id: Key(membership.room),
            user_id: Key(membership.user),
            role: role_word(membership.role).to_owned(),
            joined_at: Moment(membership.joined_at),
            left_at: membership.left_at.map(Moment),
            from_seq: membership.from_seq.get(),
            rev: membership.rev.get(),
            read_seq: membership.cursors.read.get(),
            delivered_seq: membership.cursors.delivered.get(),
            silenced_until: membership.silenced_until.map(Moment),
            muted,
            muted_until,
        }
    }
}

pub(crate) const fn role_word(role: Role) -> &'static str {
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
