//! The port `Outbox`.

use async_trait::async_trait;
use diesel::sql_types::{Array, Integer};
use domain::port::Outbox;
use domain::port::jobs::Queue;
use domain::port::outbox::Claim;
use domain::{Event, EventId, Failure};

use crate::columns::{Key, Moment, keys};
use crate::failure::{Broken, Call};
use crate::prelude::*;
use crate::rows::{OutboxRow, Parked, ParkedRow, at_most};
use crate::schema::{outbox, outbox_lanes, outbox_parked};
use crate::{PostgresStore, events};

/// Looks for one event a lane, so that it costs the same whatever waits.
const WAITING: &str = "SELECT lane FROM unnest($1) AS lanes (lane) \
    WHERE EXISTS (SELECT FROM outbox WHERE outbox.lane = lanes.lane) ORDER BY lane";

#[derive(QueryableByName)]
struct Lane {
    #[diesel(sql_type = Integer)]
    lane: i32,
}

const fn call(action: &'static str) -> Call {
    Call {
        port: "outbox",
        action,
    }
}

#[async_trait]
impl Outbox for PostgresStore {
    async fn waiting(&self) -> Result<Vec<u8>, Failure> {
        let lanes: Vec<i32> = (0..Event::LANES).map(i32::from).collect();
        self.read(call("find lanes"), async |db| {
            let rows: Vec<Lane> = diesel::sql_query(WAITING)
                .bind::<Array<Integer>, _>(lanes.as_slice())
                .load(db)
                .await?;
            Ok(rows
                .into_iter()
                .filter_map(|row| u8::try_from(row.lane).ok())
                .collect())
        })
        .await
    }

    async fn claim(&self, claim: &Claim) -> Result<Vec<Event>, Failure> {
        self.transact(call("claim a lane"), async |db| {
            if !take_lane(db, claim).await? {
                return Ok(Vec::new());
            }
            oldest(db, claim).await
        })
        .await
    }

    async fn settle(&self, events: &[EventId]) -> Result<(), Failure> {
        self.change(call("settle"), async |db| {
            diesel::delete(outbox::table.filter(outbox::id.eq_any(keys(events))))
                .execute(db)
                .await?;
            Ok(())
        })
        .await
    }

    async fn park(&self, queue: Queue, event: &Event, reason: &str) -> Result<(), Failure> {
        self.change(call("park"), async |db| {
            diesel::insert_into(outbox_parked::table)
                .values(ParkedRow::of(queue, event, reason))
                .on_conflict_do_nothing()
                .execute(db)
                .await?;
            Ok(())
        })
        .await
    }

    async fn parked(&self, queue: Queue, limit: usize) -> Result<Vec<Event>, Failure> {
        self.read(call("list what is aside"), async |db| {
            let rows: Vec<Parked> = outbox_parked::table
                .filter(outbox_parked::queue.eq(queue.name()))
                .order(outbox_parked::num)
                .limit(at_most(limit))
                .select(Parked::as_select())
                .load(db)
                .await?;
            rows.into_iter().map(Parked::read).collect()
        })
        .await
    }

    async fn release(&self, queue: Queue, ids: &[EventId]) -> Result<usize, Failure> {
        self.transact(call("release"), async |db| {
            let taken = take(db, queue, ids).await?;
            events::store(db, &taken).await?;
            Ok(taken.len())
        })
        .await
    }

    async fn discard(&self, queue: Queue, ids: &[EventId]) -> Result<usize, Failure> {
        self.change(call("discard"), async |db| {
            Ok(take(db, queue, ids).await?.len())
        })
        .await
    }

    async fn backlog(&self) -> Result<(i64, i64), Failure> {
        self.snapshot(call("count"), async |db| {
            let waiting = outbox::table.count().get_result(db).await?;
            let parked = outbox_parked::table.count().get_result(db).await?;
            Ok((waiting, parked))
        })
        .await
    }
}

/// Takes a lane that is free, has lapsed or is one's own already. Of many at once each waits for the one
/// before, and then finds what that one has left.
async fn take_lane(db: &mut AsyncPgConnection, claim: &Claim) -> Result<bool, Broken> {
    let (holder, until) = (Key(claim.holder), Moment(claim.until));
    let free = outbox_lanes::holder
        .eq(holder)
        .or(outbox_lanes::until.le(Moment(claim.now)));
    let taking = diesel::insert_into(outbox_lanes::table)
        .values((
            outbox_lanes::lane.eq(i32::from(claim.lane)),
            outbox_lanes::holder.eq(holder),
            outbox_lanes::until.eq(until),
        ))
        .on_conflict(outbox_lanes::lane)
        .do_update()
        .set((
            outbox_lanes::holder.eq(holder),
            outbox_lanes::until.eq(until),
        ));
    let taken = diesel::query_dsl::methods::FilterDsl::filter(taking, free)
        .execute(db)
        .await?;
    Ok(taken > 0)
}

/// A statement of its own, because the one that takes the lane does not see what was settled while it
/// waited.
async fn oldest(db: &mut AsyncPgConnection, claim: &Claim) -> Result<Vec<Event>, Broken> {
    let rows: Vec<OutboxRow> = outbox::table
        .filter(outbox::lane.eq(i32::from(claim.lane)))
        .order(outbox::num)
        .limit(at_most(claim.limit))
        .select(OutboxRow::as_select())
        .load(db)
        .await?;
    rows.into_iter().map(OutboxRow::read).collect()
}

/// Takes away what is aside, and answers with it.
async fn take(
    db: &mut AsyncPgConnection,
    queue: Queue,
    ids: &[EventId],
) -> Result<Vec<Event>, Broken> {
    let these = outbox_parked::table
        .filter(outbox_parked::queue.eq(queue.name()))
        .filter(outbox_parked::id.eq_any(keys(ids)));
    let rows: Vec<Parked> = diesel::delete(these)
        .returning(Parked::as_returning())
        .get_results(db)
        .await?;
    let mut events: Vec<Event> = rows
        .into_iter()
        .map(Parked::read)
        .collect::<Result<_, _>>()?;
    // A deletion answers in any order.
    events.sort_by_key(|event| (event.at, event.id));
    Ok(events)
}
