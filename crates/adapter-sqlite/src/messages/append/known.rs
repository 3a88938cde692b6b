//! Reading what a batch refers to.

use std::collections::{BTreeMap, HashMap, HashSet};

use diesel::dsl::max;
use diesel::prelude::*;
use domain::placing::{Earlier, Known, Standing, Upload};
use domain::port::messages::NewMessage;
use domain::{ClientId, MediaId, MessageId, Rev, RoomId, Seq, Timestamp, UserId};

use crate::columns::{Key, keys};
use crate::failure::{Broken, Spot};
use crate::messages::Trimmings;
use crate::rows::{MediaRow, MessageRow, fingerprint_of};
use crate::schema::{media, messages, rooms};

/// Row numbers of messages, known to this store alone.
pub(super) struct Numbers {
    /// Those of the messages that the batch refers to.
    pub(super) known: HashMap<MessageId, i64>,
    /// Those of messages in deleted rooms that hold a client id of the batch.
    pub(super) forgotten: Vec<i64>,
    /// The highest one in use.
    pub(super) last: i64,
}

impl Numbers {
    pub(super) fn load(
        db: &mut SqliteConnection,
        batch: &[NewMessage],
    ) -> Result<(Self, Known), Broken> {
        let mut numbers = Self {
            known: HashMap::new(),
            forgotten: Vec::new(),
            last: last_num(db)?,
        };
        let mut known = Known {
            rooms: standings(db, batch)?,
            uploads: uploads(db, batch)?,
            ..Known::default()
        };
        let mut rows = numbers.earlier(db, batch, &mut known)?;
        rows.extend(threads(db, batch)?);
        let senders: Vec<UserId> = batch.iter().map(|new| new.sender).collect();
        let trimmings = Trimmings::load(db, &rows, &senders)?;
        for row in rows {
            let num = row.num;
            let present = trimmings.put_on(num, row.read()?);
            numbers.known.insert(present.message.id, num);
            known.messages.insert(present.message.id, present);
        }
        Ok((numbers, known))
    }

    /// Records what the batch's senders sent before under the same client ids, and returns it.
    fn earlier(
        &mut self,
        db: &mut SqliteConnection,
        batch: &[NewMessage],
        known: &mut Known,
    ) -> Result<Vec<MessageRow>, Broken> {
        let asked: HashSet<(UserId, ClientId)> = batch.iter().filter_map(name_of).collect();
        if asked.is_empty() {
            return Ok(Vec::new());
        }
        let ids: Vec<ClientId> = asked.iter().map(|(_, id)| *id).collect();
        let rows: Vec<(MessageRow, Option<i64>)> = messages::table
            .inner_join(rooms::table)
            .filter(messages::client_id.eq_any(keys(&ids)))
            .select((MessageRow::as_select(), rooms::deleted_at))
            .load(db)?;
        let mut standing = Vec::new();
        for (row, deleted_at) in rows {
            let message = row.id.0;
            let client = row.client_id.map(|key| (row.sender.0, key.0));
            let client = client.filter(|client| asked.contains(client));
            let Some((client, digest)) = client.zip(row.fingerprint.as_deref()) else {
                continue;
            };
            if deleted_at.is_some() {
                self.forgotten.push(row.num);
                continue;
            }
            let fingerprint = fingerprint_of(message, digest)?;
            let earlier = Earlier {
                message,
                fingerprint,
            };
            known.sent.insert(client, earlier);
            standing.push(row);
        }
        Ok(standing)
    }
}

/// The client's own id for the message, if it gave one.
fn name_of(new: &NewMessage) -> Option<(UserId, ClientId)> {
    new.client.map(|(client, _)| (new.sender, client))
}

fn standings(
    db: &mut SqliteConnection,
    batch: &[NewMessage],
) -> Result<BTreeMap<RoomId, Standing>, Broken> {
    let mut ids: Vec<RoomId> = batch.iter().map(|new| new.room).collect();
    ids.sort_unstable();
    ids.dedup();
    let rows: Vec<(Key<RoomId>, i64, i64, i64)> = rooms::table
        .filter(rooms::id.eq_any(keys(&ids)))
        .filter(rooms::deleted_at.is_null())
        .select((
            rooms::id,
            rooms::last_seq,
            rooms::last_rev,
            rooms::active_at,
        ))
        .load(db)?;
    rows.into_iter()
        .map(|(id, seq, rev, active_at)| {
            let spot = Spot::new("rooms", &id.0);
            let standing = Standing {
                seq: spot.known("last_seq", Seq::new(seq))?,
                rev: spot.known("last_rev", Rev::new(rev))?,
                active_at: Timestamp::from_millis(active_at),
            };
            Ok((id.0, standing))
        })
        .collect()
}

fn uploads(
    db: &mut SqliteConnection,
    batch: &[NewMessage],
) -> Result<HashMap<MediaId, Upload>, Broken> {
    let ids: Vec<MediaId> = batch
        .iter()
        .flat_map(|new| new.attachments.clone())
        .collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<MediaRow> = media::table
        .filter(media::id.eq_any(keys(&ids)))
        .select(MediaRow::as_select())
        .load(db)?;
    rows.into_iter()
        .map(|row| {
            let (id, attached) = (row.id.0, row.attached);
            let media = row.read()?;
            Ok((id, Upload { media, attached }))
        })
        .collect()
}

/// The roots of the batch's threads.
fn threads(db: &mut SqliteConnection, batch: &[NewMessage]) -> Result<Vec<MessageRow>, Broken> {
    let replies = batch.iter().filter_map(|new| new.reply_to);
    let mut ids: Vec<MessageId> = replies.map(|to| to.thread).collect();
    ids.sort_unstable();
    ids.dedup();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let rows = messages::table
        .filter(messages::id.eq_any(keys(&ids)))
        .select(MessageRow::as_select())
        .load(db)?;
    Ok(rows)
}

fn last_num(db: &mut SqliteConnection) -> Result<i64, Broken> {
    let last: Option<i64> = messages::table.select(max(messages::num)).get_result(db)?;
    Ok(last.unwrap_or(0))
}
