//! Reading ranges of a log.

use std::collections::HashMap;

use diesel::dsl::AsSelect;
use diesel::prelude::*;
use diesel::sqlite::Sqlite;
use domain::port::messages::{Sent, View, Window};
use domain::{ClientId, Message, MessageId, RoomId, Seq, UserId};

use super::trimmings::{Trimmings, dress};
use crate::columns::{Key, keys};
use crate::failure::{Broken, Spot};
use crate::rows::{MessageRow, at_most, fingerprint_of, in_order};
use crate::schema::{mentions, messages, rooms};

/// Messages of rooms that are not deleted.
#[diesel::dsl::auto_type]
fn standing() -> _ {
    let row: AsSelect<MessageRow, Sqlite> = MessageRow::as_select();
    messages::table
        .inner_join(rooms::table)
        .filter(rooms::deleted_at.is_null())
        .select(row)
}

pub(super) fn find(
    db: &mut SqliteConnection,
    ids: &[MessageId],
    reader: UserId,
) -> Result<Vec<Message>, Broken> {
    let rows = standing().filter(messages::id.eq_any(keys(ids))).load(db)?;
    let found = dress(db, rows, reader)?;
    Ok(in_order(ids, found, |message| message.id))
}

pub(super) fn sent(
    db: &mut SqliteConnection,
    sender: UserId,
    client_id: ClientId,
) -> Result<Option<Sent>, Broken> {
    let row: Option<MessageRow> = standing()
        .filter(messages::client_id.eq(Key(client_id)))
        .filter(messages::sender.eq(Key(sender)))
        .first(db)
        .optional()?;
    let Some(row) = row else {
        return Ok(None);
    };
    let fingerprint = row.fingerprint.as_deref();
    let fingerprint = Spot::new("messages", &row.id.0).known("fingerprint", fingerprint)?;
    let fingerprint = fingerprint_of(row.id.0, fingerprint)?;
    let message = dress(db, vec![row], sender)?.into_iter().next();
    Ok(message.map(|message| Sent {
        message,
        fingerprint,
    }))
}

/// A range of a room's log above the view's floor, by rising seq.
pub(super) fn page(
    db: &mut SqliteConnection,
    view: &View,
    window: Window,
    limit: usize,
) -> Result<Vec<Message>, Broken> {
    let rows = match window {
        Window::Newest => last(db, view, Seq::MAX, limit)?,
        Window::Before(seq) => match before(seq) {
            Some(end) => last(db, view, end, limit)?,
            None => Vec::new(),
        },
        Window::After(seq) => first(db, view, seq, limit)?,
        Window::Around(seq) => {
            let after = limit / 2;
            let mut rows = last(db, view, seq, limit.saturating_sub(after))?;
            rows.extend(first(db, view, seq, after)?);
            rows
        }
    };
    dress(db, rows, view.reader)
}

/// A thread's replies after a seq, by rising seq, without its root.
pub(super) fn replies(
    db: &mut SqliteConnection,
    view: &View,
    root: MessageId,
    after: Seq,
    limit: usize,
) -> Result<Vec<Message>, Broken> {
    let rows = standing()
        .filter(messages::room.eq(Key(view.room)))
        .filter(messages::thread.eq(Key(root)))
        .filter(messages::seq.gt(view.floor.max(after).get()))
        .order(messages::seq)
        .limit(at_most(limit))
        .load(db)?;
    dress(db, rows, view.reader)
}

/// A room's pinned messages before a seq, by falling seq.
pub(super) fn pins(
    db: &mut SqliteConnection,
    view: &View,
    from: Option<Seq>,
    limit: usize,
) -> Result<Vec<Message>, Broken> {
    let Some(end) = from.map_or(Some(Seq::MAX), before) else {
        return Ok(Vec::new());
    };
    let rows = standing()
        .filter(messages::pinned_at.is_not_null())
        .filter(messages::room.eq(Key(view.room)))
        .filter(messages::seq.gt(view.floor.get()))
        .filter(messages::seq.le(end.get()))
        .order(messages::seq.desc())
        .limit(at_most(limit))
        .load(db)?;
    dress(db, rows, view.reader)
}

/// The last messages up to a seq that mention the view's reader, by rising seq.
pub(super) fn mentioning(
    db: &mut SqliteConnection,
    view: &View,
    up_to: Seq,
    limit: usize,
) -> Result<Vec<Message>, Broken> {
    let places = mentions::table
        .filter(mentions::user.eq(Key(view.reader)))
        .filter(mentions::room.eq(Key(view.room)))
        .filter(mentions::seq.gt(view.floor.get()))
        .filter(mentions::seq.le(up_to.get()))
        .order(mentions::seq.desc())
        .limit(at_most(limit))
        .select(mentions::seq)
        .distinct();
    let rows = standing()
        .filter(messages::room.eq(Key(view.room)))
        .filter(messages::seq.eq_any(places))
        .order(messages::seq)
        .load(db)?;
    dress(db, rows, view.reader)
}

/// The last message of each view's room, if it is above the floor.
pub(super) fn latest(db: &mut SqliteConnection, views: &[View]) -> Result<Vec<Message>, Broken> {
    let asked: Vec<RoomId> = views.iter().map(|view| view.room).collect();
    let readers: Vec<UserId> = views.iter().map(|view| view.reader).collect();
    let rows: Vec<MessageRow> = standing()
        .filter(rooms::id.eq_any(keys(&asked)))
        .filter(messages::seq.eq(rooms::last_seq))
        .load(db)?;
    let trimmings = Trimmings::load(db, &rows, &readers)?;
    let mut last = HashMap::new();
    for row in rows {
        let (room, num) = (row.room.0, row.num);
        last.insert(room, trimmings.put_on(num, row.read()?));
    }
    let shown = views.iter().filter_map(|view| {
        let present = last.get(&view.room)?;
        let above = present.message.seq > view.floor;
        above.then(|| present.seen_by(view.reader))
    });
    Ok(shown.collect())
}

/// The previous seq; `None` before the beginning.
fn before(seq: Seq) -> Option<Seq> {
    Seq::new(seq.get().saturating_sub(1))
}

/// The last messages up to and including `end`, above the floor, by rising seq.
fn last(
    db: &mut SqliteConnection,
    view: &View,
    end: Seq,
    limit: usize,
) -> Result<Vec<MessageRow>, Broken> {
    let mut rows: Vec<MessageRow> = standing()
        .filter(messages::room.eq(Key(view.room)))
        .filter(messages::seq.gt(view.floor.get()))
        .filter(messages::seq.le(end.get()))
        .order(messages::seq.desc())
        .limit(at_most(limit))
        .load(db)?;
    rows.reverse();
    Ok(rows)
}

/// The first messages after a seq and above the floor.
fn first(
    db: &mut SqliteConnection,
    view: &View,
    after: Seq,
    limit: usize,
) -> Result<Vec<MessageRow>, Broken> {
    let rows = standing()
        .filter(messages::room.eq(Key(view.room)))
        .filter(messages::seq.gt(view.floor.max(after).get()))
        .order(messages::seq)
        .limit(at_most(limit))
        .load(db)?;
    Ok(rows)
}
