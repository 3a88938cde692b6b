//! Reading ranges of a log, each with one statement.

use std::collections::HashMap;

use domain::port::messages::{Sent, View, Window};
use domain::{ClientId, Message, MessageId, RoomId, Seq, UserId};

use super::whole::{Whole, WholeRow, seen_by, whole};
use crate::columns::{Key, keys};
use crate::failure::Broken;
use crate::prelude::*;
use crate::rows::{at_most, fingerprint_of, in_order};
use crate::schema::{client_ids, mentions, messages, rooms};

/// Messages of rooms that are not deleted.
#[diesel::dsl::auto_type]
fn standing(whole: Whole) -> _ {
    messages::table
        .inner_join(rooms::table)
        .filter(rooms::deleted_at.is_null())
        .select(whole)
}

/// A range of a room's log above a view's floor, limited in length.
#[derive(Clone, Copy)]
struct Stretch {
    room: Key<RoomId>,
    after: i64,
    up_to: i64,
    limit: i64,
}

impl Stretch {
    fn of(view: &View, after: Seq, up_to: Seq, limit: usize) -> Self {
        Self {
            room: Key(view.room),
            after: view.floor.max(after).get(),
            up_to: up_to.get(),
            limit: at_most(limit),
        }
    }
}

#[diesel::dsl::auto_type]
fn stretch(of: Stretch, whole: Whole) -> _ {
    let room: Key<RoomId> = of.room;
    let after: i64 = of.after;
    let up_to: i64 = of.up_to;
    let all: standing = standing(whole);
    all.filter(messages::room_id.eq(room))
        .filter(messages::seq.gt(after))
        .filter(messages::seq.le(up_to))
}

/// The last messages of a range.
#[diesel::dsl::auto_type]
fn last(of: Stretch, whole: Whole) -> _ {
    let limit: i64 = of.limit;
    let all: stretch = stretch(of, whole);
    all.order(messages::seq.desc()).limit(limit)
}

/// The first messages of a range.
#[diesel::dsl::auto_type]
fn first(of: Stretch, whole: Whole) -> _ {
    let limit: i64 = of.limit;
    let all: stretch = stretch(of, whole);
    all.order(messages::seq.asc()).limit(limit)
}

pub(super) async fn find(
    db: &mut AsyncPgConnection,
    ids: &[MessageId],
    reader: UserId,
) -> Result<Vec<Message>, Broken> {
    let rows = standing(whole(&[reader]))
        .filter(messages::id.eq_any(keys(ids)))
        .load(db)
        .await?;
    let found = seen_by(reader, rows)?;
    Ok(in_order(ids, found, |message| message.id))
}

pub(super) async fn sent(
    db: &mut AsyncPgConnection,
    sender: UserId,
    client_id: ClientId,
) -> Result<Option<Sent>, Broken> {
    let named = messages::room_id
        .eq(client_ids::room_id)
        .and(messages::seq.eq(client_ids::seq));
    let row: Option<(Vec<u8>, WholeRow)> = client_ids::table
        .inner_join(messages::table.on(named))
        .inner_join(rooms::table.on(rooms::id.eq(client_ids::room_id)))
        .filter(client_ids::sender_id.eq(Key(sender)))
        .filter(client_ids::client_id.eq(Key(client_id)))
        .filter(rooms::deleted_at.is_null())
        .select((client_ids::fingerprint, whole(&[sender])))
        .first(db)
        .await
        .optional()?;
    let Some((fingerprint, row)) = row else {
        return Ok(None);
    };
    let message = row.read()?.into_seen_by(sender);
    Ok(Some(Sent {
        fingerprint: fingerprint_of(message.id, &fingerprint)?,
        message,
    }))
}

/// A range of a room's log above the view's floor, by rising seq.
pub(super) async fn page(
    db: &mut AsyncPgConnection,
    view: &View,
    window: Window,
    limit: usize,
) -> Result<Vec<Message>, Broken> {
    let up_to = |seq, limit| Stretch::of(view, Seq::ZERO, seq, limit);
    let beyond = |seq, limit| Stretch::of(view, seq, Seq::MAX, limit);
    let whole = || whole(&[view.reader]);
    let mut rows: Vec<WholeRow> = match window {
        Window::Newest => last(up_to(Seq::MAX, limit), whole()).load(db).await?,
        Window::Before(seq) => last(up_to(before(seq), limit), whole()).load(db).await?,
        Window::After(seq) => first(beyond(seq, limit), whole()).load(db).await?,
        Window::Around(seq) => {
            let after = limit / 2;
            let one = last(up_to(seq, limit.saturating_sub(after)), whole());
            let other = first(beyond(seq, after), whole());
            one.union_all(other).load(db).await?
        }
    };
    rows.sort_unstable_by_key(|row| row.message.seq);
    seen_by(view.reader, rows)
}

/// A thread's replies after a seq, by rising seq, without its root.
pub(super) async fn replies(
    db: &mut AsyncPgConnection,
    view: &View,
    root: MessageId,
    after: Seq,
    limit: usize,
) -> Result<Vec<Message>, Broken> {
    let stretch = Stretch::of(view, after, Seq::MAX, limit);
    let rows = first(stretch, whole(&[view.reader]))
        .filter(messages::thread.eq(Key(root)))
        .load(db)
        .await?;
    seen_by(view.reader, rows)
}

/// A room's pinned messages before a seq, by falling seq.
pub(super) async fn pins(
    db: &mut AsyncPgConnection,
    view: &View,
    from: Option<Seq>,
    limit: usize,
) -> Result<Vec<Message>, Broken> {
    let end = from.map_or(Seq::MAX, before);
    let stretch = Stretch::of(view, Seq::ZERO, end, limit);
    let rows = last(stretch, whole(&[view.reader]))
        .filter(messages::pinned_at.is_not_null())
        .load(db)
        .await?;
    seen_by(view.reader, rows)
}

/// The last messages up to a seq that mention the view's reader, by rising seq.
pub(super) async fn mentioning(
    db: &mut AsyncPgConnection,
    view: &View,
    up_to: Seq,
    limit: usize,
) -> Result<Vec<Message>, Broken> {
    let places = mentions::table
        .filter(mentions::user_id.eq(Key(view.reader)))
        .filter(mentions::room_id.eq(Key(view.room)))
        .filter(mentions::seq.gt(view.floor.get()))
        .filter(mentions::seq.le(up_to.get()))
        .order(mentions::seq.desc())
        .limit(at_most(limit))
        .select(mentions::seq);
    let rows = standing(whole(&[view.reader]))
        .filter(messages::room_id.eq(Key(view.room)))
        .filter(messages::seq.eq_any(places))
        .order(messages::seq)
        .load(db)
        .await?;
    seen_by(view.reader, rows)
}

/// The last message of each view's room, if it is above the floor.
pub(super) async fn latest(
    db: &mut AsyncPgConnection,
    views: &[View],
) -> Result<Vec<Message>, Broken> {
    let asked: Vec<RoomId> = views.iter().map(|view| view.room).collect();
    let mut readers: Vec<UserId> = views.iter().map(|view| view.reader).collect();
    readers.sort_unstable();
    readers.dedup();
    let rows: Vec<WholeRow> = standing(whole(&readers))
        .filter(rooms::id.eq_any(keys(&asked)))
        .filter(messages::seq.eq(rooms::last_seq))
        .load(db)
        .await?;
    let mut last = HashMap::new();
    for row in rows {
        let present = row.read()?;
        last.insert(present.message.room, present);
    }
    let shown = views.iter().filter_map(|view| {
        let present = last.get(&view.room)?;
        let above = present.message.seq > view.floor;
        above.then(|| present.seen_by(view.reader))
    });
    Ok(shown.collect())
}

/// The previous seq, or zero.
fn before(seq: Seq) -> Seq {
    Seq::new(seq.get().saturating_sub(1)).unwrap_or(Seq::ZERO)
}
