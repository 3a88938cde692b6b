//! The port `Invites`.

use async_trait::async_trait;
use diesel::prelude::*;
use domain::port::Invites;
use domain::{Failure, Invite, InviteCode, RoomId, Timestamp};

use crate::SqliteStore;
use crate::columns::Key;
use crate::failure::Broken;
use crate::rooms::keep_invite;
use crate::rows::InviteRow;
use crate::schema::{invites, rooms};

const PORT: &str = "invites";

#[async_trait]
impl Invites for SqliteStore {
    async fn create(&self, invite: &Invite) -> Result<(), Failure> {
        let invite = invite.clone();
        self.write(PORT, "create", move |db| keep_invite(db, &invite))
            .await
    }

    async fn find(&self, code: &InviteCode) -> Result<Option<Invite>, Failure> {
        let code = code.clone();
        self.read(PORT, "find", move |db| find(db, &code)).await
    }

    async fn of_room(&self, room: RoomId, now: Timestamp) -> Result<Vec<Invite>, Failure> {
        self.read(PORT, "list", move |db| of_room(db, room, now))
            .await
    }

    async fn revoke(
        &self,
        room: RoomId,
        code: &InviteCode,
        now: Timestamp,
    ) -> Result<bool, Failure> {
        let code = code.clone();
        self.write(PORT, "revoke", move |db| revoke(db, room, &code, now))
            .await
    }
}

fn find(db: &mut SqliteConnection, code: &InviteCode) -> Result<Option<Invite>, Broken> {
    let row: Option<InviteRow> = invites::table
        .inner_join(rooms::table)
        .filter(invites::code.eq(code.as_str()))
        .filter(rooms::deleted_at.is_null())
        .select(InviteRow::as_select())
        .first(db)
        .optional()?;
    row.map(InviteRow::read).transpose()
}

fn of_room(db: &mut SqliteConnection, room: RoomId, now: Timestamp) -> Result<Vec<Invite>, Broken> {
    let rows: Vec<InviteRow> = invites::table
        .inner_join(rooms::table)
        .filter(invites::room.eq(Key(room)))
        .filter(invites::revoked_at.is_null())
        .filter(rooms::deleted_at.is_null())
        .order((invites::created_at.desc(), invites::code.desc()))
        .select(InviteRow::as_select())
        .load(db)?;
    let mut invites = rows
        .into_iter()
        .map(InviteRow::read)
        .collect::<Result<Vec<_>, _>>()?;
    // What makes an invite valid is defined only in the domain.
    invites.retain(|invite| invite.admits_to(room, now));
    Ok(invites)
}

fn revoke(
    db: &mut SqliteConnection,
    room: RoomId,
    code: &InviteCode,
    now: Timestamp,
) -> Result<bool, Broken> {
    let invite = find(db, code)?;
    if !invite.is_some_and(|invite| invite.admits_to(room, now)) {
        return Ok(false);
    }
    diesel::update(invites::table.find(code.as_str()))
        .set(invites::revoked_at.eq(now.as_millis()))
        .execute(db)?;
    diesel::update(rooms::table.find(Key(room)))
        .filter(rooms::standing_invite.eq(code.as_str()))
        .set(rooms::standing_invite.eq(None::<String>))
        .execute(db)?;
    Ok(true)
}
