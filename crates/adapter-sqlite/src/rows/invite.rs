//! Invites as rows.

use diesel::prelude::*;
use diesel::sqlite::Sqlite;
use domain::{Invite, InviteCode, RoomId, Timestamp, UserId};

use crate::columns::Key;
use crate::failure::{Broken, Spot};
use crate::schema::invites;

/// An invite.
#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = invites, check_for_backend(Sqlite))]
#[diesel(treat_none_as_default_value = false)]
pub(crate) struct InviteRow {
    code: String,
    room: Key<RoomId>,
    created_by: Key<UserId>,
    created_at: i64,
    expires_at: Option<i64>,
    max_uses: Option<i64>,
    uses: i64,
    revoked_at: Option<i64>,
}

impl InviteRow {
    pub(crate) fn read(self) -> Result<Invite, Broken> {
        // The code is a secret, so a broken row is identified by its room.
        let spot = Spot::new("invites", &self.room.0);
        Ok(Invite {
            code: spot.parsed("code", InviteCode::parse(&self.code))?,
            room: self.room.0,
            created_by: self.created_by.0,
            created_at: Timestamp::from_millis(self.created_at),
            expires_at: self.expires_at.map(Timestamp::from_millis),
            max_uses: self.max_uses,
            uses: self.uses,
            revoked_at: self.revoked_at.map(Timestamp::from_millis),
        })
    }

    pub(crate) fn of(invite: &Invite) -> Self {
        Self {
            code: invite.code.as_str().to_owned(),
            room: Key(invite.room),
            created_by: Key(invite.created_by),
            created_at: invite.created_at.as_millis(),
            expires_at: invite.expires_at.map(Timestamp::as_millis),
            max_uses: invite.max_uses,
            uses: invite.uses,
            revoked_at: invite.revoked_at.map(Timestamp::as_millis),
        }
    }
}
