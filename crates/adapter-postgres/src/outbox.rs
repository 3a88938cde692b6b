//! The port `Outbox`.

use async_trait::async_trait;
use domain::port::Outbox;
use domain::port::outbox::Claim;
use domain::{Event, EventId, Failure};

use crate::PostgresStore;
use crate::columns::{Key, Moment, keys};
use crate::failure::{Broken, Call};
use crate::prelude::*;
use crate::rows::{OutboxRow, at_most};
use crate::schema::{outbox, outbox_lanes, outbox_parked};

const fn call(action: &'static str) -> Call {
    Call {
        port: "outbox",
        action,
    }
}

#[async_trait]
impl Outbox for PostgresStore {
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

    async fn park(&self, event: EventId, reason: &str) -> Result<(), Failure> {
        self.transact(call("park"), async |db| park(db, event, reason).await)
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

async fn park(db: &mut AsyncPgConnection, event: EventId, reason: &str) -> Result<(), Broken> {
    let row: Option<OutboxRow> = diesel::delete(outbox::table.filter(outbox::id.eq(Key(event))))
        .returning(OutboxRow::as_returning())
        .get_result(db)
        .await
        .optional()?;
    if let Some(row) = row {
        diesel::insert_into(outbox_parked::table)
            .values(row.parked(reason))
            .on_conflict_do_nothing()
            .execute(db)
            .await?;
    }
    Ok(())
}
