//! What has to be known to decide on a batch.

use std::collections::{BTreeMap, HashMap, HashSet};

use diesel::dsl::max;
use diesel::prelude::*;
use domain::port::messages::{Fingerprint, NewMessage};
use domain::{ClientId, Media, MediaId, Message, MessageId, Rev, RoomId, Seq, UserId};

use crate::columns::{Key, keys};
use crate::failure::{Broken, Spot};
use crate::messages::Trimmings;
use crate::rows::{MediaRow, MessageRow, fingerprint_of};
use crate::schema::{media, messages, rooms};

/// Where a room stands.
pub(super) struct Head {
    pub(super) seq: Seq,
    pub(super) rev: Rev,
    pub(super) active_at: i64,
}

/// A message of the batch, or one that the batch refers to.
pub(super) struct Entry {
    pub(super) num: i64,
    pub(super) message: Message,
    /// Whether the batch changes it.
    pub(super) touched: bool,
}

/// An upload that the batch refers to.
pub(super) struct Upload {
    pub(super) media: Media,
    pub(super) attached: bool,
}

/// A message that was sent under a client id.
pub(super) struct Earlier {
    pub(super) id: MessageId,
    pub(super) fingerprint: Fingerprint,
}

/// All that a batch touches: first as it is stored, then as the decisions leave it.
pub(super) struct Known<'a> {
    /// By id, as whoever writes many rooms at once takes them. Unknown and deleted ones are not here.
    pub(super) rooms: BTreeMap<RoomId, Head>,
    pub(super) entries: HashMap<MessageId, Entry>,
    pub(super) sent: HashMap<(UserId, ClientId), Earlier>,
    /// Messages of deleted rooms that hold on to a client id of the batch.
    pub(super) forgotten: Vec<i64>,
    pub(super) uploads: HashMap<MediaId, Upload>,
    pub(super) trimmings: Trimmings,
    /// What is to be stored, in the order of the batch.
    pub(super) fresh: Vec<&'a NewMessage>,
    pub(super) last_num: i64,
}

impl Known<'_> {
    pub(super) fn load(db: &mut SqliteConnection, batch: &[NewMessage]) -> Result<Self, Broken> {
        let mut known = Self {
            rooms: heads(db, batch)?,
            entries: HashMap::new(),
            sent: HashMap::new(),
            forgotten: Vec::new(),
            uploads: uploads(db, batch)?,
            trimmings: Trimmings::default(),
            fresh: Vec::with_capacity(batch.len()),
            last_num: last_num(db)?,
        };
        let mut rows = known.earlier(db, batch)?;
        rows.extend(threads(db, batch)?);
        let senders: Vec<UserId> = batch.iter().map(|new| new.sender).collect();
        known.trimmings = Trimmings::load(db, &rows, &senders)?;
        for row in rows {
            let num = row.num;
            let message = row.read()?;
            let entry = Entry {
                num,
                message,
                touched: false,
            };
            known.entries.insert(entry.message.id, entry);
        }
        Ok(known)
    }

    /// Notes what the batch's senders sent before under the same client ids, and answers with it.
    fn earlier(
        &mut self,
        db: &mut SqliteConnection,
        batch: &[NewMessage],
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
            let id = row.id.0;
            let client = row.client_id.map(|key| (row.sender.0, key.0));
            let client = client.filter(|client| asked.contains(client));
            let Some((client, digest)) = client.zip(row.fingerprint.as_deref()) else {
                continue;
            };
            if deleted_at.is_some() {
                self.forgotten.push(row.num);
                continue;
            }
            let fingerprint = fingerprint_of(id, digest)?;
            self.sent.insert(client, Earlier { id, fingerprint });
            standing.push(row);
        }
        Ok(standing)
    }
}

/// What the sender's client calls the message.
fn name_of(new: &NewMessage) -> Option<(UserId, ClientId)> {
    new.client.map(|(client, _)| (new.sender, client))
}

fn heads(
    db: &mut SqliteConnection,
    batch: &[NewMessage],
) -> Result<BTreeMap<RoomId, Head>, Broken> {
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
            let head = Head {
                seq: spot.known("last_seq", Seq::new(seq))?,
                rev: spot.known("last_rev", Rev::new(rev))?,
                active_at,
            };
            Ok((id.0, head))
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

/// The messages with which the threads of the batch begin.
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
