//! The port `Outbox`.

use async_trait::async_trait;
use diesel::prelude::*;
use domain::leasing::{self, Claimed, Lease};
use domain::port::Outbox;
use domain::port::jobs::Queue;
use domain::port::outbox::Claim;
use domain::{Event, EventId, Failure, NodeId, Timestamp};

use crate::columns::{Key, keys};
use crate::failure::Broken;
use crate::rows::{OutboxRow, Parked, ParkedRow, at_most};
use crate::schema::{outbox, outbox_lanes, outbox_parked};
use crate::{SqliteStore, events};

const PORT: &str = "outbox";

#[async_trait]
impl Outbox for SqliteStore {
    async fn waiting(&self) -> Result<Vec<u8>, Failure> {
        self.read(PORT, "find lanes", |db| {
            let mut waiting = Vec::new();
            for lane in 0..Event::LANES {
                let held = outbox::table.filter(outbox::lane.eq(i32::from(lane)));
                if diesel::select(diesel::dsl::exists(held)).get_result(db)? {
                    waiting.push(lane);
                }
            }
            Ok(waiting)
        })
        .await
    }

    async fn claim(&self, claim: &Claim) -> Result<Vec<Event>, Failure> {
        let asked = claim.clone();
        let to_take = self
            .read(PORT, "claim lanes", move |db| lanes_to_take(db, &asked))
            .await?;
        // Changes do not wait behind a claim that renews no lease, nor behind the reading of events.
        if !to_take.is_empty() {
            let asked = Claim {
                lanes: to_take,
                ..claim.clone()
            };
            self.write(PORT, "claim lanes", move |db| take_lanes(db, &asked))
                .await?;
        }
        let asked = claim.clone();
        self.read(PORT, "claim lanes", move |db| oldest(db, &asked))
            .await
    }

    async fn settle(&self, events: &[EventId]) -> Result<(), Failure> {
        let events = keys(events);
        // A deletion lost with the machine only means that the event is delivered again.
        self.note(PORT, "settle", move |db| {
            diesel::delete(outbox::table.filter(outbox::id.eq_any(events))).execute(db)?;
            Ok(())
        })
        .await
    }

    async fn park(&self, queue: Queue, event: &Event, reason: &str) -> Result<(), Failure> {
        let (event, reason) = (*event, reason.to_owned());
        self.write(PORT, "park", move |db| {
            diesel::insert_or_ignore_into(outbox_parked::table)
                .values(ParkedRow::of(queue, &event, &reason))
                .execute(db)?;
            Ok(())
        })
        .await
    }

    async fn parked(&self, queue: Queue, limit: usize) -> Result<Vec<Event>, Failure> {
        self.read(PORT, "list parked events", move |db| {
            let rows: Vec<Parked> = outbox_parked::table
                .filter(outbox_parked::queue.eq(queue.name()))
                .order(outbox_parked::num)
                .limit(at_most(limit))
                .select(Parked::as_select())
                .load(db)?;
            rows.into_iter().map(Parked::read).collect()
        })
        .await
    }

    async fn release(&self, queue: Queue, ids: &[EventId]) -> Result<usize, Failure> {
        let ids = keys(ids);
        self.write(PORT, "release", move |db| {
            let taken = take(db, queue, ids)?;
            events::store(db, &taken)?;
            Ok(taken.len())
        })
        .await
    }

    async fn discard(&self, queue: Queue, ids: &[EventId]) -> Result<usize, Failure> {
        let ids = keys(ids);
        self.write(PORT, "discard", move |db| Ok(take(db, queue, ids)?.len()))
            .await
    }

    async fn backlog(&self) -> Result<(i64, i64), Failure> {
        self.read(PORT, "count", |db| {
            let waiting = outbox::table.count().get_result(db)?;
            let parked = outbox_parked::table.count().get_result(db)?;
            Ok((waiting, parked))
        })
        .await
    }
}

/// The lease on a lane.
fn lease(db: &mut SqliteConnection, lane: u8) -> Result<Option<Lease>, Broken> {
    let found: Option<(Key<NodeId>, i64)> = outbox_lanes::table
        .find(i32::from(lane))
        .select((outbox_lanes::holder, outbox_lanes::until))
        .first(db)
        .optional()?;
    Ok(found.map(|(holder, until)| Lease {
        holder: holder.0,
        until: Timestamp::from_millis(until),
    }))
}

/// The lanes that are free, or whose lease should be renewed.
fn lanes_to_take(db: &mut SqliteConnection, claim: &Claim) -> Result<Vec<u8>, Broken> {
    let mut to_take = Vec::new();
    for lane in claim.lanes.iter().copied() {
        let held = lease(db, lane)?;
        if leasing::claim(held, claim.lease(), claim.now) == Claimed::Granted {
            to_take.push(lane);
        }
    }
    Ok(to_take)
}

/// Looks again, because another claim may have come first.
fn take_lanes(db: &mut SqliteConnection, claim: &Claim) -> Result<(), Broken> {
    for lane in lanes_to_take(db, claim)? {
        hold(db, claim, lane)?;
    }
    Ok(())
}

/// The oldest events of each lane that the claimant holds.
fn oldest(db: &mut SqliteConnection, claim: &Claim) -> Result<Vec<Event>, Broken> {
    let holds = |lease: Lease| lease.holder == claim.holder && lease.until >= claim.now;
    let mut events = Vec::new();
    for lane in claim.lanes.iter().copied() {
        if !lease(db, lane)?.is_some_and(holds) {
            continue;
        }
        let rows: Vec<OutboxRow> = outbox::table
            .filter(outbox::lane.eq(i32::from(lane)))
            .order(outbox::num)
            .limit(at_most(claim.limit))
            .select(OutboxRow::as_select())
            .load(db)?;
        for row in rows {
            events.push(row.read()?);
        }
    }
    Ok(events)
}

fn hold(db: &mut SqliteConnection, claim: &Claim, lane: u8) -> Result<(), Broken> {
    diesel::replace_into(outbox_lanes::table)
        .values((
            outbox_lanes::lane.eq(i32::from(lane)),
            outbox_lanes::holder.eq(Key(claim.holder)),
            outbox_lanes::until.eq(claim.until.as_millis()),
        ))
        .execute(db)?;
    Ok(())
}

/// Removes parked events, and returns them in the order in which they were parked.
fn take(
    db: &mut SqliteConnection,
    queue: Queue,
    ids: Vec<Key<EventId>>,
) -> Result<Vec<Event>, Broken> {
    let these = outbox_parked::table
        .filter(outbox_parked::queue.eq(queue.name()))
        .filter(outbox_parked::id.eq_any(ids));
    let rows: Vec<Parked> = these
        .clone()
        .order(outbox_parked::num)
        .select(Parked::as_select())
        .load(db)?;
    diesel::delete(these).execute(db)?;
    rows.into_iter().map(Parked::read).collect()
}
