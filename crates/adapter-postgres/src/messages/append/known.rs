//! Locking a batch's rooms, and reading what it refers to.

use std::collections::{BTreeMap, HashMap};

use diesel::pg::Pg;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::{Array, Binary, Uuid};
use domain::placing::{Earlier, Known, Present, Standing, Upload};
use domain::port::messages::NewMessage;
use domain::{ClientId, MediaId, MessageId, Rev, RoomId, Seq, UserId};
use futures::try_join;

use crate::columns::{Key, Moment, keys};
use crate::failure::{Broken, Spot};
use crate::messages::whole::{WholeRow, whole};
use crate::prelude::*;
use crate::rows::{MediaRow, fingerprint_of};
use crate::schema::{media, messages, rooms};

/// Everything that a batch refers to. The server runs the statements in the order in which they are
/// sent, so what is read after the lock includes what its previous holder committed.
pub(super) async fn read(db: &AsyncPgConnection, batch: &[NewMessage]) -> Result<Known, Broken> {
    let senders = distinct(batch.iter().map(|new| new.sender));
    let threads = batch.iter().filter_map(|new| new.reply_to);
    let threads = distinct(threads.map(|to| to.thread));
    let (rooms, sent, mut messages, uploads) = try_join!(
        lock(db, batch),
        earlier(db, batch),
        present(db, &threads, &senders),
        uploads(db, batch),
    )?;
    // Only a repeated message needs another query.
    let repeated = distinct(sent.values().map(|earlier| earlier.message));
    messages.extend(present(db, &repeated, &senders).await?);
    Ok(Known {
        rooms,
        messages,
        sent,
        uploads,
    })
}

/// Locks the rooms in the order of their ids, as does everything that locks several rooms. A statement
/// that merely references a room does not wait for this lock.
async fn lock(
    mut db: &AsyncPgConnection,
    batch: &[NewMessage],
) -> Result<BTreeMap<RoomId, Standing>, Broken> {
    let ids = distinct(batch.iter().map(|new| new.room));
    let rows: Vec<(Key<RoomId>, i64, i64, Moment)> = rooms::table
        .filter(rooms::id.eq_any(keys(&ids)))
        .filter(rooms::deleted_at.is_null())
        .order(rooms::id)
        .select((
            rooms::id,
            rooms::last_seq,
            rooms::last_rev,
            rooms::active_at,
        ))
        .for_no_key_update()
        .load(&mut db)
        .await?;
    rows.into_iter()
        .map(|(id, seq, rev, active_at)| {
            let spot = Spot::new("rooms", &id.0);
            let standing = Standing {
                seq: spot.known("last_seq", Seq::new(seq))?,
                rev: spot.known("last_rev", Rev::new(rev))?,
                active_at: active_at.0,
            };
            Ok((id.0, standing))
        })
        .collect()
}

/// What senders sent under client ids, in rooms that are not deleted.
#[derive(QueryId)]
struct SentEarlier {
    senders: Vec<Key<UserId>>,
    clients: Vec<Key<ClientId>>,
}

impl Query for SentEarlier {
    type SqlType = (Uuid, Uuid, Uuid, Binary);
}

impl QueryFragment<Pg> for SentEarlier {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql(
            "SELECT client_ids.sender_id, client_ids.client_id, messages.id, \
             client_ids.fingerprint FROM unnest(",
        );
        out.push_bind_param::<Array<Uuid>, _>(&self.senders)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Uuid>, _>(&self.clients)?;
        out.push_sql(
            ") AS asked (sender_id, client_id) JOIN client_ids USING (sender_id, client_id) \
             JOIN messages ON messages.room_id = client_ids.room_id \
             AND messages.seq = client_ids.seq \
             JOIN rooms ON rooms.id = client_ids.room_id AND rooms.deleted_at IS NULL",
        );
        Ok(())
    }
}

type SentRow = (Key<UserId>, Key<ClientId>, Key<MessageId>, Vec<u8>);

async fn earlier(
    mut db: &AsyncPgConnection,
    batch: &[NewMessage],
) -> Result<HashMap<(UserId, ClientId), Earlier>, Broken> {
    let names = batch
        .iter()
        .filter_map(|new| Some((new.sender, new.client?.0)));
    let names = distinct(names);
    if names.is_empty() {
        return Ok(HashMap::new());
    }
    let asked = SentEarlier {
        senders: names.iter().map(|(sender, _)| Key(*sender)).collect(),
        clients: names.iter().map(|(_, client)| Key(*client)).collect(),
    };
    let rows: Vec<SentRow> = asked.load(&mut db).await?;
    rows.into_iter()
        .map(|(sender, client, message, digest)| {
            let earlier = Earlier {
                message: message.0,
                fingerprint: fingerprint_of(message.0, &digest)?,
            };
            Ok(((sender.0, client.0), earlier))
        })
        .collect()
}

/// Messages in their current state, as the batch's senders see them.
async fn present(
    mut db: &AsyncPgConnection,
    ids: &[MessageId],
    senders: &[UserId],
) -> Result<HashMap<MessageId, Present>, Broken> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<WholeRow> = messages::table
        .filter(messages::id.eq_any(keys(ids)))
        .select(whole(senders))
        .load(&mut db)
        .await?;
    rows.into_iter()
        .map(|row| {
            let present = row.read()?;
            Ok((present.message.id, present))
        })
        .collect()
}

async fn uploads(
    mut db: &AsyncPgConnection,
    batch: &[NewMessage],
) -> Result<HashMap<MediaId, Upload>, Broken> {
    let ids = batch.iter().flat_map(|new| new.attachments.iter().copied());
    let ids = distinct(ids);
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<MediaRow> = media::table
        .filter(media::id.eq_any(keys(&ids)))
        .select(MediaRow::as_select())
        .load(&mut db)
        .await?;
    rows.into_iter()
        .map(|row| {
            let (id, attached) = (row.id.0, row.attached);
            let media = row.read()?;
            Ok((id, Upload { media, attached }))
        })
        .collect()
}

/// Sorts and removes duplicates.
fn distinct<T: Ord>(all: impl Iterator<Item = T>) -> Vec<T> {
    let mut all: Vec<T> = all.collect();
    all.sort_unstable();
    all.dedup();
    all
}
