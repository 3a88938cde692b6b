//! The port `Invites`.

use async_trait::async_trait;
use domain::port::Invites;
use domain::{Failure, Invite, InviteCode, RoomId, Timestamp};

use crate::PostgresStore;
use crate::columns::{Key, Moment};
use crate::failure::{Broken, Call};
use crate::prelude::*;
use crate::rooms::{keep_invite, lock};
use crate::rows::InviteRow;
use crate::schema::{invites, rooms};

const fn call(action: &'static str) -> Call {
    Call {
        port: "invites",
        action,
    }
}

#[async_trait]
impl Invites for PostgresStore {
    async fn create(&self, invite: &Invite) -> Result<(), Failure> {
        self.change(call("create"), async |db| keep_invite(db, invite).await)
            .await
    }

    async fn find(&self, code: &InviteCode) -> Result<Option<Invite>, Failure> {
        self.read(call("find"), async |db| find(db, code).await)
            .await
    }

    async fn of_room(&self, room: RoomId, now: Timestamp) -> Result<Vec<Invite>, Failure> {
        self.read(call("list"), async |db| of_room(db, room, now).await)
            .await
    }

    async fn revoke(
        &self,
        room: RoomId,
        code: &InviteCode,
        now: Timestamp,
    ) -> Result<bool, Failure> {
        self.transact(call("revoke"), async |db| revoke(db, room, code, now).await)
            .await
    }
}

async fn find(db: &mut AsyncPgConnection, code: &InviteCode) -> Result<Option<Invite>, Broken> {
    let row: Option<InviteRow> = invites::table
        .inner_join(rooms::table)
        .filter(invites::code.eq(code.as_str()))
        .filter(rooms::deleted_at.is_null())
        .select(InviteRow::as_select())
        .first(db)
        .await
        .optional()?;
    row.map(InviteRow::read).transpose()
}

async fn of_room(
    db: &mut AsyncPgConnection,
    room: RoomId,
    now: Timestamp,
) -> Result<Vec<Invite>, Broken> {
    let rows: Vec<InviteRow> = invites::table
        .inner_join(rooms::table)
        .filter(invites::room_id.eq(Key(room)))
        .filter(invites::revoked_at.is_null())
        .filter(rooms::deleted_at.is_null())
        .order((invites::created_at.desc(), invites::code.desc()))
        .select(InviteRow::as_select())
        .load(db)
        .await?;
    let mut invites = rows
        .into_iter()
        .map(InviteRow::read)
        .collect::<Result<Vec<_>, _>>()?;
    // What makes an invite valid is defined only in the domain.
    invites.retain(|invite| invite.admits_to(room, now));
    Ok(invites)
}

async fn revoke(
    db: &mut AsyncPgConnection,
    room: RoomId,
    code: &InviteCode,
    now: Timestamp,
) -> Result<bool, Broken> {
    if lock(db, room).await?.is_none() {
        return Ok(false);
    }
    let invite = find(db, code).await?;
    if !invite.is_some_and(|invite| invite.admits_to(room, now)) {
        return Ok(false);
    }
    diesel::update(invites::table.find(code.as_str()))
        .set(invites::revoked_at.eq(Moment(now)))
        .execute(db)
        .await?;
    diesel::update(rooms::table.find(Key(room)))
        .filter(rooms::standing_invite.eq(code.as_str()))
        .set(rooms::standing_invite.eq(None::<String>))
        .execute(db)
        .await?;
    Ok(true)
}
