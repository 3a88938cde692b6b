//! The port `WebhookLog`.

use async_trait::async_trait;
use diesel::dsl::exists;
use diesel::sql_types::{Array, Nullable, Text, Timestamptz, Uuid};
use domain::port::WebhookLog;
use domain::port::webhook_log::{LogLimits, LogPage, Tried, WebhookClaim};
use domain::{
    DeliveryState, EventId, Failure, NodeId, Telling, Timestamp, WebhookDelivery, WebhookId,
};

use crate::PostgresStore;
use crate::columns::{Key, Moment, keys};
use crate::failure::{Broken, Call};
use crate::prelude::*;
use crate::rows::{DeliveryRow, at_most};
use crate::schema::{webhook_deliveries as deliveries, webhooks};

/// `FOR KEY SHARE` makes a concurrent removal of the webhook wait, or finds no row: so every delivery
/// has a webhook.
const ENQUEUE: &str = "INSERT INTO webhook_deliveries \
    (webhook_id, event, at, room_id, topic, subject, state, tries, due_at) \
    SELECT id, $2, $3, $4, $5, $6, 'pending', 0, $7 FROM webhooks WHERE id = ANY($1) FOR KEY SHARE \
    ON CONFLICT DO NOTHING";
const PENDING: &str = DeliveryState::Pending.word();
const OVER: [&str; 3] = [
    DeliveryState::Delivered.word(),
    DeliveryState::Dead.word(),
    DeliveryState::Dropped.word(),
];

const fn call(action: &'static str) -> Call {
    Call {
        port: "webhook log",
        action,
    }
}

#[async_trait]
impl WebhookLog for PostgresStore {
    async fn enqueue(
        &self,
        telling: &Telling,
        webhooks: &[WebhookId],
        now: Timestamp,
    ) -> Result<(), Failure> {
        let subject = telling.what.and_then(|what| what.subject());
        self.change(call("enqueue"), async |db| {
            diesel::sql_query(ENQUEUE)
                .bind::<Array<Uuid>, _>(keys(webhooks))
                .bind::<Uuid, _>(Key(telling.event))
                .bind::<Timestamptz, _>(Moment(telling.at))
                .bind::<Nullable<Uuid>, _>(telling.room.map(Key))
                .bind::<Text, _>(telling.topic())
                .bind::<Nullable<Uuid>, _>(subject.map(EventId::from_uuid).map(Key))
                .bind::<Timestamptz, _>(Moment(now))
                .execute(db)
                .await?;
            Ok(())
        })
        .await
    }

    async fn due(&self, now: Timestamp) -> Result<Vec<WebhookId>, Failure> {
        self.read(call("find due webhooks"), async |db| {
            let waiting = deliveries::table
                .filter(deliveries::webhook_id.eq(webhooks::id))
                .filter(deliveries::due_at.le(Moment(now)));
            let due: Vec<Key<WebhookId>> = webhooks::table
                .filter(webhooks::enabled)
                .filter(exists(waiting))
                .select(webhooks::id)
                .load(db)
                .await?;
            Ok(due.into_iter().map(|key| key.0).collect())
        })
        .await
    }

    async fn claim(&self, claim: &WebhookClaim) -> Result<Vec<WebhookDelivery>, Failure> {
        self.transact(call("claim"), async |db| {
            if !take(db, claim).await? {
                return Ok(Vec::new());
            }
            let rows: Vec<DeliveryRow> = deliveries::table
                .filter(deliveries::webhook_id.eq(Key(claim.webhook)))
                .filter(deliveries::due_at.le(Moment(claim.now)))
                .order((deliveries::due_at, deliveries::num))
                .limit(at_most(claim.limit))
                .select(DeliveryRow::as_select())
                .load(db)
                .await?;
            rows.into_iter().map(DeliveryRow::read).collect()
        })
        .await
    }

    async fn release(&self, holder: NodeId) -> Result<(), Failure> {
        self.change(call("release"), async |db| {
            diesel::update(webhooks::table.filter(webhooks::holder.eq(Key(holder))))
                .set((
                    webhooks::holder.eq(None::<Key<NodeId>>),
                    webhooks::held_until.eq(None::<Moment>),
                ))
                .execute(db)
                .await?;
            Ok(())
        })
        .await
    }

    async fn settle(&self, tried: &Tried) -> Result<(), Failure> {
        self.transact(call("settle"), async |db| settle(db, tried).await)
            .await
    }

    async fn page(&self, page: &LogPage) -> Result<Vec<WebhookDelivery>, Failure> {
        self.snapshot(call("read"), async |db| self::page(db, page).await)
            .await
    }

    async fn replay(
        &self,
        webhook: WebhookId,
        events: &[EventId],
        now: Timestamp,
    ) -> Result<usize, Failure> {
        self.change(call("replay"), async |db| {
            let these = deliveries::table
                .filter(deliveries::webhook_id.eq(Key(webhook)))
                .filter(deliveries::event.eq_any(keys(events)));
            let replayed = diesel::update(these)
                .set((
                    deliveries::state.eq(PENDING),
                    deliveries::tries.eq(0),
                    deliveries::due_at.eq(Moment(now)),
                ))
                .execute(db)
                .await?;
            Ok(replayed)
        })
        .await
    }

    async fn trim(&self, webhook: WebhookId, limits: &LogLimits) -> Result<usize, Failure> {
        self.transact(call("trim"), async |db| trim(db, webhook, limits).await)
            .await
    }
}

/// Leases a webhook that is free, expired or already the claimant's. Concurrent claims wait for each
/// other, and find it taken.
async fn take(db: &mut AsyncPgConnection, claim: &WebhookClaim) -> Result<bool, Broken> {
    let free = webhooks::holder
        .is_null()
        .or(webhooks::holder.eq(Key(claim.holder)))
        .or(webhooks::held_until.le(Moment(claim.now)));
    let taken = diesel::update(webhooks::table.find(Key(claim.webhook)))
        .filter(free)
        .set((
            webhooks::holder.eq(Key(claim.holder)),
            webhooks::held_until.eq(Moment(claim.until)),
        ))
        .execute(db)
        .await?;
    Ok(taken > 0)
}

async fn settle(db: &mut AsyncPgConnection, tried: &Tried) -> Result<(), Broken> {
    let is_pending = tried.state == DeliveryState::Pending;
    let due = is_pending.then_some(Moment(tried.due_at));
    let this = deliveries::table
        .filter(deliveries::webhook_id.eq(Key(tried.webhook)))
        .filter(deliveries::event.eq(Key(tried.event)));
    let stands = (
        deliveries::state.eq(tried.state.word()),
        deliveries::due_at.eq(due),
    );
    let Some(attempt) = &tried.attempt else {
        diesel::update(this).set(stands).execute(db).await?;
        return Ok(());
    };
    diesel::update(this)
        .set((
            stands,
            deliveries::tries.eq(deliveries::tries + 1),
            deliveries::tried_at.eq(Moment(attempt.at)),
            deliveries::status.eq(attempt.status.map(i32::from)),
            deliveries::error.eq(attempt.error.as_deref()),
        ))
        .execute(db)
        .await?;
    // Written only if it changes.
    let hook = webhooks::table.find(Key(tried.webhook));
    if attempt.error.is_some() {
        diesel::update(hook.filter(webhooks::failing_since.is_null()))
            .set(webhooks::failing_since.eq(Moment(attempt.at)))
            .execute(db)
            .await?;
    } else {
        diesel::update(hook.filter(webhooks::failing_since.is_not_null()))
            .set(webhooks::failing_since.eq(None::<Moment>))
            .execute(db)
            .await?;
    }
    Ok(())
}

async fn page(db: &mut AsyncPgConnection, page: &LogPage) -> Result<Vec<WebhookDelivery>, Broken> {
    let webhook = deliveries::webhook_id.eq(Key(page.webhook));
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
            .await
            .optional()?;
        log = log.filter(deliveries::num.lt(place.unwrap_or(0)));
    }
    if let Some(state) = page.state {
        log = log.filter(deliveries::state.eq(state.word()));
    }
    let rows: Vec<DeliveryRow> = log.load(db).await?;
    rows.into_iter().map(DeliveryRow::read).collect()
}

async fn trim(
    db: &mut AsyncPgConnection,
    webhook: WebhookId,
    limits: &LogLimits,
) -> Result<usize, Broken> {
    let log = deliveries::table.filter(deliveries::webhook_id.eq(Key(webhook)));
    let mut given_up = 0;
    if let Some(last) = beyond(db, webhook, &[PENDING], limits.pending).await? {
        let surplus = log
            .filter(deliveries::state.eq(PENDING))
            .filter(deliveries::num.le(last));
        given_up = diesel::update(surplus)
            .set((
                deliveries::state.eq(DeliveryState::Dead.word()),
                deliveries::due_at.eq(None::<Moment>),
            ))
            .execute(db)
            .await?;
    }
    let last = beyond(db, webhook, &OVER, limits.finished)
        .await?
        .unwrap_or(0);
    let old = deliveries::num
        .le(last)
        .or(deliveries::at.lt(Moment(limits.since)));
    diesel::delete(log.filter(deliveries::state.eq_any(OVER)).filter(old))
        .execute(db)
        .await?;
    Ok(given_up)
}

/// The newest delivery in these states that has `kept` newer ones.
async fn beyond(
    db: &mut AsyncPgConnection,
    webhook: WebhookId,
    states: &[&str],
    kept: usize,
) -> Result<Option<i64>, Broken> {
    let place = deliveries::table
        .filter(deliveries::webhook_id.eq(Key(webhook)))
        .filter(deliveries::state.eq_any(states))
        .order(deliveries::num.desc())
        .offset(at_most(kept))
        .select(deliveries::num)
        .first(db)
        .await
        .optional()?;
    Ok(place)
}
