//! Invites as rows.

use diesel::pg::Pg;
use diesel::prelude::*;
use domain::{Invite, InviteCode, RoomId, UserId};

use crate::columns::{Key, Moment};
use crate::failure::{Broken, Spot};
use crate::schema::invites;

/// An invite.
#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = invites, check_for_backend(Pg))]
#[diesel(treat_none_as_default_value = false)]
pub(crate) struct InviteRow {
    code: String,
    room_id: Key<RoomId>,
    created_by: Key<UserId>,
    created_at: Moment,
    expires_at: Option<Moment>,
    max_uses: Option<i64>,
    uses: i64,
    revoked_at: Option<Moment>,
}

impl InviteRow {
    pub(crate) fn read(self) -> Result<Invite, Broken> {
        // The code is a secret, so a broken row is identified by its room.
        let spot = Spot::new("invites", &self.room_id.0);
        Ok(Invite {
            code: spot.parsed("code", InviteCode::parse(&self.code))?,
            room: self.room_id.0,
            created_by: self.created_by.0,
            created_at: self.created_at.0,
            expires_at: self.expires_at.map(|moment| moment.0),
            max_uses: self.max_uses,
            uses: self.uses,
            revoked_at: self.revoked_at.map(|moment| moment.0),
        })
    }

    pub(crate) fn of(invite: &Invite) -> Self {
        Self {
            code: invite.code.as_str().to_owned(),
            room_id: Key(invite.room),
            created_by: Key(invite.created_by),
            created_at: Moment(invite.created_at),
            expires_at: invite.expires_at.map(Moment),
            max_uses: invite.max_uses,
            uses: invite.uses,
            revoked_at: invite.revoked_at.map(Moment),
        }
    }
}
