//! The port `RoomLog`.

use std::num::NonZeroU32;

use async_trait::async_trait;
use diesel::dsl::{max, sql};
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use domain::port::RoomLog;
use domain::port::messages::View;
use domain::port::room_log::{Changes, Head, Stretch};
use domain::{Epoch, Failure, Membership, Rev, Room, RoomId, Seq};

use crate::SqliteStore;
use crate::columns::{Key, MOST_KEYS, keys};
use crate::failure::{Broken, Spot};
use crate::messages::dress;
use crate::rooms::living;
use crate::rows::{MembershipRow, MessageRow, at_most, in_order};
use crate::schema::{memberships, messages, meta, rooms};

const PORT: &str = "room log";

#[async_trait]
impl RoomLog for SqliteStore {
    async fn changes(
        &self,
        view: &View,
        since: Rev,
        limit: usize,
    ) -> Result<Option<Changes>, Failure> {
        let view = *view;
        self.read(PORT, "read changes", move |db| {
            let Some(room) = living(db, view.room)? else {
                return Ok(None);
            };
            changes(db, room, &view, since, limit).map(Some)
        })
        .await
    }

    async fn heads(&self, rooms: &[RoomId]) -> Result<Vec<Head>, Failure> {
        let rooms = rooms.to_vec();
        self.read(PORT, "read heads", move |db| heads(db, &rooms))
            .await
    }

    async fn stretches(
        &self,
        room: RoomId,
        bounds: (Seq, Seq),
        places: NonZeroU32,
    ) -> Result<Vec<Stretch>, Failure> {
        self.read(PORT, "read stretches", move |db| {
            stretches(db, room, bounds, places)
        })
        .await
    }

    async fn epoch(&self) -> Result<Epoch, Failure> {
        self.read(PORT, "read the epoch", |db| {
            let epoch: String = meta::table.find("epoch").select(meta::value).first(db)?;
            Spot::new("meta", &"epoch").parsed("value", Epoch::parse(epoch))
        })
        .await
    }
}

/// Reads each kind of change up to one more than the limit, and cuts all of them at the same rev.
fn changes(
    db: &mut SqliteConnection,
    room: Room,
    view: &View,
    since: Rev,
    limit: usize,
) -> Result<Changes, Broken> {
    let mut rows = changed_messages(db, view, since, limit)?;
    let mut members = changed_members(db, view.room, since, limit)?;
    let itself = (room.rev > since).then_some(room.rev);

    let mut revs: Vec<Rev> = members.iter().map(|member| member.rev).collect();
    revs.extend(rows.iter().filter_map(|row| Rev::new(row.rev)));
    revs.extend(itself);
    revs.sort_unstable();
    let last = room.last_rev;
    let more = revs.len() > limit;
    let up_to = if more {
        revs.truncate(limit);
        revs.last().copied().unwrap_or(since)
    } else {
        last
    };

    rows.retain(|row| row.rev <= up_to.get());
    members.retain(|member| member.rev <= up_to);
    Ok(Changes {
        messages: dress(db, rows, view.reader)?,
        members,
        room: itself.filter(|rev| *rev <= up_to).map(|_rev| room),
        up_to,
        more,
        last,
    })
}

fn changed_messages(
    db: &mut SqliteConnection,
    view: &View,
    since: Rev,
    limit: usize,
) -> Result<Vec<MessageRow>, Broken> {
    Ok(messages::table
        .filter(messages::room.eq(Key(view.room)))
        .filter(messages::rev.gt(since.get()))
        .filter(messages::seq.gt(view.floor.get()))
        .order(messages::rev)
        .limit(at_most(limit.saturating_add(1)))
        .select(MessageRow::as_select())
        .load(db)?)
}

fn changed_members(
    db: &mut SqliteConnection,
    room: RoomId,
    since: Rev,
    limit: usize,
) -> Result<Vec<Membership>, Broken> {
    let rows: Vec<MembershipRow> = memberships::table
        .filter(memberships::room.eq(Key(room)))
        .filter(memberships::rev.gt(since.get()))
        .order(memberships::rev)
        .limit(at_most(limit.saturating_add(1)))
        .select(MembershipRow::as_select())
        .load(db)?;
    rows.into_iter().map(MembershipRow::read).collect()
}

fn heads(db: &mut SqliteConnection, ids: &[RoomId]) -> Result<Vec<Head>, Broken> {
    let mut rows: Vec<(Key<RoomId>, i64, i64)> = Vec::new();
    for some in ids.chunks(MOST_KEYS) {
        rows.extend(
            rooms::table
                .filter(rooms::id.eq_any(keys(some)))
                .filter(rooms::deleted_at.is_null())
                .select((rooms::id, rooms::last_seq, rooms::last_rev))
                .load::<(Key<RoomId>, i64, i64)>(db)?,
        );
    }
    let heads = rows.into_iter().map(|(room, seq, rev)| {
        let spot = Spot::new("rooms", &room.0);
        Ok(Head {
            room: room.0,
            seq: spot.known("last_seq", Seq::new(seq))?,
            rev: spot.known("last_rev", Rev::new(rev))?,
        })
    });
    let heads = heads.collect::<Result<Vec<_>, Broken>>()?;
    Ok(in_order(ids, heads, |head| head.room))
}

/// Which range a message is in. The size of a range is a literal: it never changes while the program
/// runs, and the statement names it twice.
fn stretches(
    db: &mut SqliteConnection,
    room: RoomId,
    (after, up_to): (Seq, Seq),
    places: NonZeroU32,
) -> Result<Vec<Stretch>, Broken> {
    let number = || sql::<BigInt>(&format!("(`messages`.`seq` - 1) / {places}"));
    let rows: Vec<(i64, Option<i64>)> = messages::table
        .inner_join(rooms::table)
        .filter(rooms::deleted_at.is_null())
        .filter(messages::room.eq(Key(room)))
        .filter(messages::seq.gt(after.get()))
        .filter(messages::seq.le(up_to.get()))
        .group_by(number())
        .select((number(), max(messages::rev)))
        .order(number())
        .load(db)?;
    let stretches = rows.into_iter().map(|(number, rev)| {
        let rev = rev.and_then(Rev::new);
        let rev = Spot::new("messages", &room).known("rev", rev)?;
        Ok(Stretch { number, rev })
    });
    stretches.collect()
}
