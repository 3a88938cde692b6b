//! The port `WebhookLog`.

use async_trait::async_trait;
use diesel::dsl::exists;
use diesel::prelude::*;
use domain::leasing::{self, Claimed, Lease};
use domain::port::WebhookLog;
use domain::port::webhook_log::{LogLimits, LogPage, Tried, WebhookClaim};
use domain::{
    DeliveryState, EventId, Failure, NodeId, Telling, Timestamp, WebhookDelivery, WebhookId,
};

use crate::SqliteStore;
use crate::columns::{Key, keys};
use crate::failure::Broken;
use crate::rows::{DeliveryRow, at_most};
use crate::schema::{webhook_deliveries as deliveries, webhooks};

const PORT: &str = "webhook log";
const PENDING: &str = DeliveryState::Pending.word();
const OVER: [&str; 3] = [
    DeliveryState::Delivered.word(),
    DeliveryState::Dead.word(),
    DeliveryState::Dropped.word(),
];

#[async_trait]
impl WebhookLog for SqliteStore {
    async fn enqueue(
        &self,
        telling: &Telling,
        webhooks: &[WebhookId],
        now: Timestamp,
    ) -> Result<(), Failure> {
        let (telling, ids) = (*telling, keys(webhooks));
        self.write(PORT, "enqueue", move |db| {
            let living: Vec<Key<WebhookId>> = webhooks::table
                .filter(webhooks::id.eq_any(ids))
                .select(webhooks::id)
                .load(db)?;
            for id in living {
                diesel::insert_or_ignore_into(deliveries::table)
                    .values(DeliveryRow::new(id.0, &telling, now))
                    .execute(db)?;
            }
            Ok(())
        })
        .await
    }

    async fn due(&self, now: Timestamp) -> Result<Vec<WebhookId>, Failure> {
        self.read(PORT, "find due webhooks", move |db| {
            let waiting = deliveries::table
                .filter(deliveries::webhook.eq(webhooks::id))
                .filter(deliveries::due_at.le(now.as_millis()));
            let due: Vec<Key<WebhookId>> = webhooks::table
                .filter(webhooks::enabled)
                .filter(exists(waiting))
                .select(webhooks::id)
                .load(db)?;
            Ok(due.into_iter().map(|key| key.0).collect())
        })
        .await
    }

    async fn claim(&self, claim: &WebhookClaim) -> Result<Vec<WebhookDelivery>, Failure> {
        let claim = *claim;
        self.write(PORT, "claim", move |db| self::claim(db, &claim))
            .await
    }

    async fn release(&self, holder: NodeId) -> Result<(), Failure> {
        self.write(PORT, "release", move |db| {
            diesel::update(webhooks::table.filter(webhooks::holder.eq(Key(holder))))
                .set((
                    webhooks::holder.eq(None::<Key<NodeId>>),
                    webhooks::held_until.eq(None::<i64>),
                ))
                .execute(db)?;
            Ok(())
        })
        .await
    }

    async fn settle(&self, tried: &Tried) -> Result<(), Failure> {
        let tried = tried.clone();
        self.write(PORT, "settle", move |db| settle(db, &tried))
            .await
    }

    async fn page(&self, page: &LogPage) -> Result<Vec<WebhookDelivery>, Failure> {
        let page = *page;
        self.read(PORT, "read", move |db| self::page(db, &page))
            .await
    }

    async fn replay(
        &self,
        webhook: WebhookId,
        events: &[EventId],
        now: Timestamp,
    ) -> Result<usize, Failure> {
        let events = keys(events);
        self.write(PORT, "replay", move |db| {
            let these = deliveries::table
                .filter(deliveries::webhook.eq(Key(webhook)))
                .filter(deliveries::event.eq_any(events));
            let replayed = diesel::update(these)
                .set((
                    deliveries::state.eq(PENDING),
                    deliveries::tries.eq(0),
                    deliveries::due_at.eq(now.as_millis()),
                ))
                .execute(db)?;
            Ok(replayed)
        })
        .await
    }

    async fn trim(&self, webhook: WebhookId, limits: &LogLimits) -> Result<usize, Failure> {
        let limits = *limits;
        self.write(PORT, "trim", move |db| trim(db, webhook, &limits))
            .await
    }
}

fn claim(db: &mut SqliteConnection, claim: &WebhookClaim) -> Result<Vec<WebhookDelivery>, Broken> {
    let found: Option<(Option<Key<NodeId>>, Option<i64>)> = webhooks::table
        .find(Key(claim.webhook))
        .select((webhooks::holder, webhooks::held_until))
        .first(db)
        .optional()?;
    let Some((holder, until)) = found else {
        return Ok(Vec::new());
    };
    let held = holder.zip(until).map(|(holder, until)| Lease {
        holder: holder.0,
        until: Timestamp::from_millis(until),
    });
    match leasing::claim(held, claim.lease(), claim.now) {
        Claimed::Refused => return Ok(Vec::new()),
        Claimed::Kept => {}
        Claimed::Granted => hold(db, claim)?,
    }
    let rows: Vec<DeliveryRow> = deliveries::table
        .filter(deliveries::webhook.eq(Key(claim.webhook)))
        .filter(deliveries::due_at.le(claim.now.as_millis()))
        .order((deliveries::due_at, deliveries::num))
        .limit(at_most(claim.limit))
        .select(DeliveryRow::as_select())
        .load(db)?;
    rows.into_iter().map(DeliveryRow::read).collect()
}

fn hold(db: &mut SqliteConnection, claim: &WebhookClaim) -> Result<(), Broken> {
    diesel::update(webhooks::table.find(Key(claim.webhook)))
        .set((
            webhooks::holder.eq(Key(claim.holder)),
            webhooks::held_until.eq(claim.until.as_millis()),
        ))
        .execute(db)?;
    Ok(())
}

fn settle(db: &mut SqliteConnection, tried: &Tried) -> Result<(), Broken> {
    let is_pending = tried.state == DeliveryState::Pending;
    let due = is_pending.then_some(tried.due_at.as_millis());
    let this = deliveries::table
        .filter(deliveries::webhook.eq(Key(tried.webhook)))
        .filter(deliveries::event.eq(Key(tried.event)));
    let stands = (
        deliveries::state.eq(tried.state.word()),
        deliveries::due_at.eq(due),
    );
    let Some(attempt) = &tried.attempt else {
        diesel::update(this).set(stands).execute(db)?;
        return Ok(());
    };
    diesel::update(this)
        .set((
            stands,
            deliveries::tries.eq(deliveries::tries + 1),
            deliveries::tried_at.eq(attempt.at.as_millis()),
            deliveries::status.eq(attempt.status.map(i32::from)),
            deliveries::error.eq(&attempt.error),
        ))
        .execute(db)?;
    // Written only if it changes.
    let hook = webhooks::table.find(Key(tried.webhook));
    if attempt.error.is_some() {
        diesel::update(hook.filter(webhooks::failing_since.is_null()))
            .set(webhooks::failing_since.eq(attempt.at.as_millis()))
            .execute(db)?;
    } else {
        diesel::update(hook.filter(webhooks::failing_since.is_not_null()))
            .set(webhooks::failing_since.eq(None::<i64>))
            .execute(db)?;
    }
    Ok(())
}

fn page(db: &mut SqliteConnection, page: &LogPage) -> Result<Vec<WebhookDelivery>, Broken> {
    let webhook = deliveries::webhook.eq(Key(page.webhook));
    let mut log = deliveries::table
        .filter(webhook)
        .order(deliveries::num.desc())
        .limit(at_most(page.limit))
        .select(DeliveryRow::as_select())
        .into_boxed();
    if let Some(before) = page.before {
        let place: Option<i64> = deliveries::table
            .filter(webhook)
            .filter(deliveries::event.eq(Key(before)))
            .select(deliveries::num)
            .first(db)
            .optional()?;
        log = log.filter(deliveries::num.lt(place.unwrap_or(0)));
    }
    if let Some(state) = page.state {
        log = log.filter(deliveries::state.eq(state.word()));
    }
    let rows: Vec<DeliveryRow> = log.load(db)?;
    rows.into_iter().map(DeliveryRow::read).collect()
}

fn trim(
    db: &mut SqliteConnection,
    webhook: WebhookId,
    limits: &LogLimits,
) -> Result<usize, Broken> {
    let log = deliveries::table.filter(deliveries::webhook.eq(Key(webhook)));
    let mut given_up = 0;
    if let Some(last) = beyond(db, webhook, &[PENDING], limits.pending)? {
        let surplus = log
            .filter(deliveries::state.eq(PENDING))
            .filter(deliveries::num.le(last));
        given_up = diesel::update(surplus)
            .set((
                deliveries::state.eq(DeliveryState::Dead.word()),
                deliveries::due_at.eq(None::<i64>),
            ))
            .execute(db)?;
    }
    let last = beyond(db, webhook, &OVER, limits.finished)?.unwrap_or(0);
    let old = deliveries::num
        .le(last)
        .or(deliveries::at.lt(limits.since.as_millis()));
    diesel::delete(log.filter(deliveries::state.eq_any(OVER)).filter(old)).execute(db)?;
    Ok(given_up)
}

/// The newest delivery in these states that has `kept` newer ones.
fn beyond(
    db: &mut SqliteConnection,
    webhook: WebhookId,
    states: &[&str],
    kept: usize,
) -> Result<Option<i64>, Broken> {
    let place = deliveries::table
        .filter(deliveries::webhook.eq(Key(webhook)))
        .filter(deliveries::state.eq_any(states))
        .order(deliveries::num.desc())
        .offset(at_most(kept))
        .select(deliveries::num)
        .first(db)
        .optional()?;
    Ok(place)
}
