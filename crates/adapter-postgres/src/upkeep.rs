//! The port `Upkeep`.
//!
//! Rows are removed before the rows they refer to: reactions before their message, everything before
//! its room. Each step has a limit, and whatever it leaves is found by the next call. Sessions are not
//! stored here.

use async_trait::async_trait;
use diesel::sql_types::{BigInt, Uuid};
use domain::port::Upkeep;
use domain::{Failure, RoomId, Timestamp};

use crate::PostgresStore;
use crate::columns::Key;
use crate::failure::{Broken, Call};
use crate::prelude::*;
use crate::rows::at_most;
use crate::schema::{media, messages, rooms};

/// Messages per round, so that what belongs to them is found quickly.
const MESSAGES_AT_ONCE: usize = 1_000;

const CALL: Call = Call {
    port: "upkeep",
    action: "clear",
};

/// Removes what belongs to the messages of a room ($1) up to a seq ($2), and finally those messages: at
/// most $3 rows each. Each statement finds its rows by an index and deletes them by their location.
const ON_MESSAGES: [&str; 4] = [
    "DELETE FROM reactions WHERE ctid = ANY (ARRAY(
        SELECT ctid FROM reactions WHERE room_id = $1 AND seq <= $2 LIMIT $3))",
    "DELETE FROM mentions WHERE ctid = ANY (ARRAY(
        SELECT ctid FROM mentions WHERE room_id = $1 AND seq <= $2 LIMIT $3))",
    "DELETE FROM client_ids WHERE ctid = ANY (ARRAY(
        SELECT client_ids.ctid FROM messages JOIN client_ids
            ON client_ids.sender_id = messages.sender_id
            AND client_ids.client_id = messages.client_id
            AND client_ids.room_id = messages.room_id
            AND client_ids.seq = messages.seq
        WHERE messages.room_id = $1 AND messages.seq <= $2 LIMIT $3))",
    "DELETE FROM messages WHERE ctid = ANY (ARRAY(
        SELECT ctid FROM messages WHERE room_id = $1 AND seq <= $2 ORDER BY seq LIMIT $3))",
];

/// Removes what a room ($1) has besides messages, and finally the room: at most $2 rows each.
const ON_ROOM: [&str; 4] = [
    "DELETE FROM memberships WHERE ctid = ANY (ARRAY(
        SELECT ctid FROM memberships WHERE room_id = $1 LIMIT $2))",
    "DELETE FROM bans WHERE ctid = ANY (ARRAY(
        SELECT ctid FROM bans WHERE room_id = $1 LIMIT $2))",
    "DELETE FROM invites WHERE ctid = ANY (ARRAY(
        SELECT ctid FROM invites WHERE room_id = $1 LIMIT $2))",
    "DELETE FROM rooms WHERE ctid = ANY (ARRAY(
        SELECT ctid FROM rooms WHERE id = $1 LIMIT $2))",
];

#[async_trait]
impl Upkeep for PostgresStore {
    async fn clear(&self, _now: Timestamp, limit: usize) -> Result<usize, Failure> {
        self.transact(CALL, async |db| clear(db, limit).await).await
    }
}

/// How many rows this call may still remove, and how many it has removed.
struct Budget {
    left: usize,
    spent: usize,
}

impl Budget {
    fn spend(&mut self, removed: usize) {
        self.left = self.left.saturating_sub(removed);
        self.spent = self.spent.saturating_add(removed);
    }
}

async fn clear(db: &mut AsyncPgConnection, limit: usize) -> Result<usize, Broken> {
    let mut budget = Budget {
        left: limit,
        spent: 0,
    };
    while budget.left > 0 {
        let Some(room) = deleted_room(db).await? else {
            break;
        };
        clear_room(db, room, &mut budget).await?;
    }
    Ok(budget.spent)
}

/// The room that was deleted first, skipping those that another server is clearing right now.
async fn deleted_room(db: &mut AsyncPgConnection) -> Result<Option<RoomId>, Broken> {
    let room: Option<Key<RoomId>> = rooms::table
        .filter(rooms::deleted_at.is_not_null())
        .order(rooms::deleted_at)
        .limit(1)
        .select(rooms::id)
        .for_update()
        .skip_locked()
        .get_result(db)
        .await
        .optional()?;
    Ok(room.map(|key| key.0))
}

/// Removes what is left of a deleted room, and the room itself once nothing is left.
async fn clear_room(
    db: &mut AsyncPgConnection,
    room: RoomId,
    budget: &mut Budget,
) -> Result<(), Broken> {
    let seqs: Vec<i64> = messages::table
        .filter(messages::room_id.eq(Key(room)))
        .order(messages::seq)
        .limit(at_most(budget.left.min(MESSAGES_AT_ONCE)))
        .select(messages::seq)
        .load(db)
        .await?;
    if let Some(last) = seqs.last() {
        return clear_messages(db, (room, *last), budget).await;
    }
    for statement in ON_ROOM {
        let removed = diesel::sql_query(statement)
            .bind::<Uuid, _>(Key(room))
            .bind::<BigInt, _>(at_most(budget.left))
            .execute(db)
            .await?;
        budget.spend(removed);
    }
    Ok(())
}

async fn clear_messages(
    db: &mut AsyncPgConnection,
    (room, last): (RoomId, i64),
    budget: &mut Budget,
) -> Result<(), Broken> {
    // Uploads stay as orphans: their bytes have to be deleted before their rows.
    let hanging = media::table
        .filter(media::room_id.eq(Key(room)))
        .filter(media::seq.le(last));
    diesel::update(hanging)
        .set(media::seq.eq(None::<i64>))
        .execute(db)
        .await?;
    for statement in ON_MESSAGES {
        let removed = diesel::sql_query(statement)
            .bind::<Uuid, _>(Key(room))
            .bind::<BigInt, _>(last)
            .bind::<BigInt, _>(at_most(budget.left))
            .execute(db)
            .await?;
        budget.spend(removed);
    }
    Ok(())
}
