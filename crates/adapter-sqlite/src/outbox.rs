//! The port `Outbox`.

use async_trait::async_trait;
use diesel::prelude::*;
use domain::port::Outbox;
use domain::port::outbox::Claim;
use domain::{Event, EventId, Failure, NodeId};

use crate::SqliteStore;
use crate::columns::{Key, keys};
use crate::failure::Broken;
use crate::rows::OutboxRow;
use crate::schema::{outbox, outbox_lanes, outbox_parked};

const PORT: &str = "outbox";

#[async_trait]
impl Outbox for SqliteStore {
    async fn claim(&self, claim: &Claim) -> Result<Vec<Event>, Failure> {
        let claim = *claim;
        self.write(PORT, "claim a lane", move |db| self::claim(db, &claim))
            .await
    }

    async fn settle(&self, events: &[EventId]) -> Result<(), Failure> {
        let events = keys(events);
        self.write(PORT, "settle", move |db| {
            diesel::delete(outbox::table.filter(outbox::id.eq_any(events))).execute(db)?;
            Ok(())
        })
        .await
    }

    async fn park(&self, event: EventId, reason: &str) -> Result<(), Failure> {
        let reason = reason.to_owned();
        self.write(PORT, "park", move |db| park(db, event, &reason))
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

fn claim(db: &mut SqliteConnection, claim: &Claim) -> Result<Vec<Event>, Broken> {
    let lane = i32::from(claim.lane);
    let held: Option<(Key<NodeId>, i64)> = outbox_lanes::table
        .find(lane)
        .select((outbox_lanes::holder, outbox_lanes::until))
        .first(db)
        .optional()?;
    let held_by_another =
        held.is_some_and(|(by, until)| by.0 != claim.holder && until > claim.now.as_millis());
    if held_by_another {
        return Ok(Vec::new());
    }
    diesel::replace_into(outbox_lanes::table)
        .values((
            outbox_lanes::lane.eq(lane),
            outbox_lanes::holder.eq(Key(claim.holder)),
            outbox_lanes::until.eq(claim.until.as_millis()),
        ))
        .execute(db)?;
    let rows: Vec<OutboxRow> = outbox::table
        .filter(outbox::lane.eq(lane))
        .order(outbox::num)
        .limit(crate::rows::at_most(claim.limit))
        .select(OutboxRow::as_select())
        .load(db)?;
    rows.into_iter().map(OutboxRow::read).collect()
}

fn park(db: &mut SqliteConnection, event: EventId, reason: &str) -> Result<(), Broken> {
    let waiting = outbox::table.filter(outbox::id.eq(Key(event)));
    let row: Option<OutboxRow> = waiting
        .select(OutboxRow::as_select())
        .first(db)
        .optional()?;
    if let Some(row) = row {
        diesel::delete(waiting).execute(db)?;
        diesel::insert_or_ignore_into(outbox_parked::table)
            .values(row.parked(reason))
            .execute(db)?;
    }
    Ok(())
}
