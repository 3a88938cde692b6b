//! Creating rooms. Two concurrent attempts, on any nodes, create only one room per name or pair.

use diesel::dsl::select;
use diesel::sql_types::{Integer, Text};
use domain::port::rooms::{Created, NewDirect, NewRoom, Opened};
use domain::{Invite, Pair, Room};
use futures::try_join;

use super::browse;
use super::seats::{self, settled};
use crate::columns::Key;
use crate::events;
use crate::failure::Broken;
use crate::prelude::*;
use crate::rows::{InviteRow, RoomRow};
use crate::schema::{invites, rooms};

/// The advisory locks on room names.
const NAMES: i32 = 0x6e61_6d65;

diesel::define_sql_function! {
    /// Waits for the lock, and holds it until the end of the transaction.
    fn pg_advisory_xact_lock(family: Integer, number: Integer);
}

diesel::define_sql_function! {
    /// A hash of the text.
    fn hashtext(text: Text) -> Integer;
}

pub(super) async fn room(db: &mut AsyncPgConnection, new: &NewRoom) -> Result<Created, Broken> {
    if new.unique_name && is_taken(db, &new.name.key()).await? {
        return Ok(Created::NameTaken);
    }
    let (room, seats) = settled(new.room(), &new.seats());
    diesel::insert_into(rooms::table)
        .values(RoomRow::of(&room))
        .execute(db)
        .await?;
    let db = &*db;
    let standing = async {
        match &new.invite() {
            Some(invite) => keep_invite(db, invite).await,
            None => Ok(()),
        }
    };
    try_join!(
        seats::keep(db, &seats),
        standing,
        events::store(db, &new.events)
    )?;
    Ok(Created::Made(room))
}

/// Opens a pair's direct room, or creates it. Of two concurrent attempts, the unique index lets one
/// insert, and the other then finds its room.
pub(super) async fn direct(db: &mut AsyncPgConnection, new: &NewDirect) -> Result<Opened, Broken> {
    if let Some(room) = of_pair(db, new.pair).await? {
        return Ok(Opened { room, fresh: false });
    }
    let (room, seats) = settled(new.room(), &new.seats());
    let made = diesel::insert_into(rooms::table)
        .values(RoomRow::of(&room))
        .on_conflict((rooms::low, rooms::high))
        .filter_target(rooms::low.is_not_null())
        .filter_target(rooms::deleted_at.is_null())
        .do_nothing()
        .execute(db)
        .await?;
    if made == 0 {
        let room = of_pair(db, new.pair).await?;
        // The room is gone if it was deleted in the meantime.
        let room = room.ok_or(Broken::Overtaken)?;
        return Ok(Opened { room, fresh: false });
    }
    try_join!(seats::keep(db, &seats), events::store(db, &new.events))?;
    Ok(Opened { room, fresh: true })
}

/// Stores an invite, whose code must be unused.
pub(crate) async fn keep_invite(db: &AsyncPgConnection, invite: &Invite) -> Result<(), Broken> {
    diesel::insert_into(invites::table)
        .values(InviteRow::of(invite))
        .execute(&mut &*db)
        .await?;
    Ok(())
}

/// Whether a public room has this name. Blocks other checks of the name until the end of the
/// transaction.
async fn is_taken(db: &mut AsyncPgConnection, key: &str) -> Result<bool, Broken> {
    select(pg_advisory_xact_lock(NAMES, hashtext(key)))
        .execute(db)
        .await?;
    Ok(browse::named(db, key).await?.is_some())
}

async fn of_pair(db: &mut AsyncPgConnection, pair: Pair) -> Result<Option<Room>, Broken> {
    let row: Option<RoomRow> = rooms::table
        .filter(rooms::low.eq(Key(pair.low())))
        .filter(rooms::high.eq(Key(pair.high())))
        .filter(rooms::deleted_at.is_null())
        .select(RoomRow::as_select())
        .first(db)
        .await
        .optional()?;
    row.map(RoomRow::read).transpose()
}
