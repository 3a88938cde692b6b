//! The port `RoomLog`.

use std::num::NonZeroU32;

use async_trait::async_trait;
use diesel::dsl::{max, sql};
use diesel::sql_types::BigInt;
use domain::port::RoomLog;
use domain::port::messages::View;
use domain::port::room_log::{Changes, Head, Stretch};
use domain::{Epoch, Failure, Membership, Rev, Room, RoomId, Seq};
use futures::try_join;

use crate::PostgresStore;
use crate::columns::{Key, keys};
use crate::failure::{Broken, Call, Spot};
use crate::messages::{WholeRow, seen_by, whole};
use crate::prelude::*;
use crate::rows::{MembershipRow, RoomRow, at_most, in_order};
use crate::schema::{memberships, messages, meta, rooms};

const fn call(action: &'static str) -> Call {
    Call {
        port: "room log",
        action,
    }
}

#[async_trait]
impl RoomLog for PostgresStore {
    async fn changes(
        &self,
        view: &View,
        since: Rev,
        limit: usize,
    ) -> Result<Option<Changes>, Failure> {
        self.snapshot(call("read changes"), async |db| {
            changes(db, view, since, limit).await
        })
        .await
    }

    async fn heads(&self, rooms: &[RoomId]) -> Result<Vec<Head>, Failure> {
        self.read(call("read heads"), async |db| heads(db, rooms).await)
            .await
    }

    async fn stretches(
        &self,
        room: RoomId,
        bounds: (Seq, Seq),
        places: NonZeroU32,
    ) -> Result<Vec<Stretch>, Failure> {
        self.read(call("read stretches"), async |db| {
            stretches(db, room, bounds, places).await
        })
        .await
    }

    async fn epoch(&self) -> Result<Epoch, Failure> {
        self.read(call("read the epoch"), async |db| {
            let epoch = meta::table.find("epoch").select(meta::value);
            let epoch: String = epoch.first(db).await?;
            Spot::new("meta", &"epoch").parsed("value", Epoch::parse(epoch))
        })
        .await
    }
}

/// Reads each kind of change up to one more than the limit, all kinds concurrently.
async fn changes(
    db: &AsyncPgConnection,
    view: &View,
    since: Rev,
    limit: usize,
) -> Result<Option<Changes>, Broken> {
    let (room, messages, members) = try_join!(
        living(db, view.room),
        changed_messages(db, view, since, limit),
        changed_members(db, view.room, since, limit),
    )?;
    let Some(room) = room else {
        return Ok(None);
    };
    let all = Changes {
        messages: seen_by(view.reader, messages)?,
        members,
        up_to: room.last_rev,
        more: false,
        last: room.last_rev,
        room: (room.rev > since).then_some(room),
    };
    Ok(Some(cut(all, since, limit)))
}

/// Cuts all kinds of changes at the same rev, so that together they stay within the limit.
fn cut(mut all: Changes, since: Rev, limit: usize) -> Changes {
    let mut revs: Vec<Rev> = all.messages.iter().map(|message| message.rev).collect();
    revs.extend(all.members.iter().map(|member| member.rev));
    revs.extend(all.room.iter().map(|room| room.rev));
    if revs.len() <= limit {
        return all;
    }
    revs.sort_unstable();
    revs.truncate(limit);
    let up_to = revs.last().copied().unwrap_or(since);
    all.messages.retain(|message| message.rev <= up_to);
    all.members.retain(|member| member.rev <= up_to);
    Changes {
        room: all.room.filter(|room| room.rev <= up_to),
        up_to,
        more: true,
        ..all
    }
}

async fn living(mut db: &AsyncPgConnection, room: RoomId) -> Result<Option<Room>, Broken> {
    let row: Option<RoomRow> = rooms::table
        .find(Key(room))
        .filter(rooms::deleted_at.is_null())
        .select(RoomRow::as_select())
        .first(&mut db)
        .await
        .optional()?;
    row.map(RoomRow::read).transpose()
}

async fn changed_messages(
    mut db: &AsyncPgConnection,
    view: &View,
    since: Rev,
    limit: usize,
) -> Result<Vec<WholeRow>, Broken> {
    Ok(messages::table
        .filter(messages::room_id.eq(Key(view.room)))
        .filter(messages::rev.gt(since.get()))
        .filter(messages::seq.gt(view.floor.get()))
        .order(messages::rev)
        .limit(at_most(limit.saturating_add(1)))
        .select(whole(&[view.reader]))
        .load(&mut db)
        .await?)
}

async fn changed_members(
    mut db: &AsyncPgConnection,
    room: RoomId,
    since: Rev,
    limit: usize,
) -> Result<Vec<Membership>, Broken> {
    let rows: Vec<MembershipRow> = memberships::table
        .filter(memberships::room_id.eq(Key(room)))
        .filter(memberships::rev.gt(since.get()))
        .order(memberships::rev)
        .limit(at_most(limit.saturating_add(1)))
        .select(MembershipRow::as_select())
        .load(&mut db)
        .await?;
    rows.into_iter().map(MembershipRow::read).collect()
}

async fn heads(db: &mut AsyncPgConnection, ids: &[RoomId]) -> Result<Vec<Head>, Broken> {
    let rows: Vec<(Key<RoomId>, i64, i64)> = rooms::table
        .filter(rooms::id.eq_any(keys(ids)))
        .filter(rooms::deleted_at.is_null())
        .select((rooms::id, rooms::last_seq, rooms::last_rev))
        .load(db)
        .await?;
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
/// runs, and Postgres would take two parameters for two different numbers.
async fn stretches(
    db: &mut AsyncPgConnection,
    room: RoomId,
    (after, up_to): (Seq, Seq),
    places: NonZeroU32,
) -> Result<Vec<Stretch>, Broken> {
    let number = || sql::<BigInt>(&format!("(\"messages\".\"seq\" - 1) / {places}"));
    let rows: Vec<(i64, Option<i64>)> = messages::table
        .inner_join(rooms::table)
        .filter(rooms::deleted_at.is_null())
        .filter(messages::room_id.eq(Key(room)))
        .filter(messages::seq.gt(after.get()))
        .filter(messages::seq.le(up_to.get()))
        .group_by(number())
        .select((number(), max(messages::rev)))
        .order(number())
        .load(db)
        .await?;
    let stretches = rows.into_iter().map(|(number, rev)| {
        let rev = rev.and_then(Rev::new);
        let rev = Spot::new("messages", &room).known("rev", rev)?;
        Ok(Stretch { number, rev })
    });
    stretches.collect()
}
