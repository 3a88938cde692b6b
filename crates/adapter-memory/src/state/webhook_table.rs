//! Webhooks, each with its log.

use std::collections::BTreeMap;

use domain::leasing::{self, Claimed, Lease};
use domain::port::webhook_log::{LogLimits, LogPage, Tried, WebhookClaim};
use domain::{
    Attempt, DeliveryState, EventId, NodeId, Telling, Timestamp, Webhook, WebhookDelivery,
    WebhookId,
};

/// A webhook, the lease on it, and its log.
pub(crate) struct WebhookRow {
    pub(crate) webhook: Webhook,
    lease: Option<Lease>,
    /// In the order in which they were enqueued.
    log: Vec<WebhookDelivery>,
}

/// All webhooks.
#[derive(Default)]
pub(crate) struct WebhookTable(pub(crate) BTreeMap<WebhookId, WebhookRow>);

impl WebhookTable {
    /// A webhook's row.
    pub(crate) fn row(&mut self, id: WebhookId) -> Option<&mut WebhookRow> {
        self.0.get_mut(&id)
    }

    /// Releases everything that a holder has.
    pub(crate) fn release(&mut self, holder: NodeId) {
        for row in self.0.values_mut() {
            row.lease.take_if(|lease| lease.holder == holder);
        }
    }

    /// The webhooks with deliveries that are due.
    pub(crate) fn due(&self, now: Timestamp) -> Vec<WebhookId> {
        let due = |row: &&WebhookRow| {
            row.webhook.enabled && row.log.iter().any(|delivery| is_due(delivery, now))
        };
        let rows = self.0.values().filter(due);
        rows.map(|row| row.webhook.id).collect()
    }

    /// A page of a webhook's log.
    pub(crate) fn page(&self, page: &LogPage) -> Vec<WebhookDelivery> {
        let Some(row) = self.0.get(&page.webhook) else {
            return Vec::new();
        };
        let end = match page.before {
            None => row.log.len(),
            Some(event) => row.place(event).unwrap_or(0),
        };
        let older = row.log.iter().take(end).rev();
        older
            .filter(|delivery| page.state.is_none_or(|state| delivery.state == state))
            .take(page.limit)
            .cloned()
            .collect()
    }
}

impl WebhookRow {
    pub(crate) const fn new(webhook: Webhook) -> Self {
        Self {
            webhook,
            lease: None,
            log: Vec::new(),
        }
    }

    fn place(&self, event: EventId) -> Option<usize> {
        self.log.iter().position(|one| one.telling.event == event)
    }

    fn delivery(&mut self, event: EventId) -> Option<&mut WebhookDelivery> {
        self.log.iter_mut().find(|one| one.telling.event == event)
    }

    /// Adds a delivery, unless its event is already in the log.
    pub(crate) fn enqueue(&mut self, telling: &Telling, now: Timestamp) {
        if self.place(telling.event).is_none() {
            self.log.push(WebhookDelivery {
                webhook: self.webhook.id,
                telling: *telling,
                state: DeliveryState::Pending,
                tries: 0,
                due_at: Some(now),
                last: None,
            });
        }
    }

    /// Leases the webhook to a holder, and returns the due deliveries.
    pub(crate) fn claim(&mut self, claim: &WebhookClaim) -> Vec<WebhookDelivery> {
        if leasing::claim(self.lease, claim.lease(), claim.now) == Claimed::Refused {
            return Vec::new();
        }
        self.lease = Some(claim.lease());
        let due = self.log.iter().filter(|one| is_due(one, claim.now));
        let mut due: Vec<WebhookDelivery> = due.cloned().collect();
        // The sort is stable, so deliveries that are due at the same time keep their order.
        due.sort_by_key(|one| one.due_at);
        due.truncate(claim.limit);
        due
    }

    /// Records the result of an attempt.
    pub(crate) fn settle(&mut self, tried: &Tried) {
        let Some(delivery) = self.delivery(tried.event) else {
            return;
        };
        delivery.state = tried.state;
        let is_pending = tried.state == DeliveryState::Pending;
        delivery.due_at = is_pending.then_some(tried.due_at);
        let Some(attempt) = &tried.attempt else {
            return;
        };
        delivery.tries = delivery.tries.saturating_add(1);
        delivery.last = Some(attempt.clone());
        self.webhook.failing_since = failing_since(self.webhook.failing_since, attempt);
    }

    /// Starts deliveries over.
    pub(crate) fn replay(&mut self, events: &[EventId], now: Timestamp) -> usize {
        let these = self.log.iter_mut();
        let these = these.filter(|one| events.contains(&one.telling.event));
        let again = these.map(|one| {
            one.state = DeliveryState::Pending;
            one.tries = 0;
            one.due_at = Some(now);
        });
        again.count()
    }

    /// Trims the log, and returns how many pending deliveries were dropped for that.
    pub(crate) fn trim(&mut self, limits: &LogLimits) -> usize {
        let is_pending = |one: &WebhookDelivery| one.state == DeliveryState::Pending;
        let pending = self.log.iter().filter(|one| is_pending(one)).count();
        let surplus = pending.saturating_sub(limits.pending);
        for one in self
            .log
            .iter_mut()
            .filter(|one| is_pending(one))
            .take(surplus)
        {
            one.state = DeliveryState::Dead;
            one.due_at = None;
        }
        let finished = self.log.iter().filter(|one| !is_pending(one)).count();
        let mut too_many = finished.saturating_sub(limits.finished);
        self.log.retain(|one| {
            if is_pending(one) {
                return true;
            }
            let is_among = too_many > 0;
            too_many = too_many.saturating_sub(1);
            !is_among && one.telling.at >= limits.since
        });
        surplus
    }
}

fn is_due(delivery: &WebhookDelivery, now: Timestamp) -> bool {
    delivery.due_at.is_some_and(|due| due <= now)
}

fn failing_since(before: Option<Timestamp>, attempt: &Attempt) -> Option<Timestamp> {
    match attempt.error {
        None => None,
        Some(_) => before.or(Some(attempt.at)),
    }
}
