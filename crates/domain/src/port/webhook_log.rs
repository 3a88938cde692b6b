//! Webhook deliveries: the pending ones, and a log of the finished ones.

use async_trait::async_trait;

use crate::leasing::Lease;
use crate::{
    Attempt, DeliveryState, EventId, Failure, NodeId, Telling, Timestamp, WebhookDelivery,
    WebhookId,
};

/// A request for a lease on a webhook's due deliveries.
#[derive(Clone, Copy, Debug)]
pub struct WebhookClaim {
    /// The webhook.
    pub webhook: WebhookId,
    /// Who claims it.
    pub holder: NodeId,
    /// When the lease begins.
    pub now: Timestamp,
    /// When it expires, unless the same holder claims again.
    pub until: Timestamp,
    /// The most deliveries to return.
    pub limit: usize,
}

impl WebhookClaim {
    /// The lease that is wanted.
    pub const fn lease(&self) -> Lease {
        Lease {
            holder: self.holder,
            until: self.until,
        }
    }
}

/// The result of an attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tried {
    /// The webhook.
    pub webhook: WebhookId,
    /// The event.
    pub event: EventId,
    /// The delivery's new state.
    pub state: DeliveryState,
    /// When the next attempt is due, if it is pending.
    pub due_at: Timestamp,
    /// The attempt; `None` if there was nothing left to deliver.
    pub attempt: Option<Attempt>,
}

/// A page of a webhook's log.
#[derive(Clone, Copy, Debug)]
pub struct LogPage {
    /// The webhook.
    pub webhook: WebhookId,
    /// Only deliveries in this state.
    pub state: Option<DeliveryState>,
    /// Only deliveries older than this one.
    pub before: Option<EventId>,
    /// The most deliveries to return.
    pub limit: usize,
}

/// How much of a webhook's log is kept.
#[derive(Clone, Copy, Debug)]
pub struct LogLimits {
    /// At most this many finished deliveries.
    pub finished: usize,
    /// No finished deliveries of events before this.
    pub since: Timestamp,
    /// At most this many pending deliveries. Those beyond that are abandoned, the oldest first.
    pub pending: usize,
}

/// Stores webhook deliveries until they are finished, and for a while after that.
///
/// # Obligations
/// - `a_delivery_is_kept_once`: per existing webhook, however often the event is enqueued.
/// - `what_is_due_is_told`: the webhooks with a delivery due now, except disabled ones.
/// - `deliveries_come_in_order`: in the order in which they were enqueued, and only those that are due.
/// - `a_webhook_has_one_holder`: while one holds it, others claim nothing, until its lease has expired.
/// - `a_holder_who_leaves_is_not_waited_for`: what it held is free at once; other holders are unaffected.
/// - `a_try_is_kept`: with the number of attempts; a webhook is failing from its first failed call until
///   the next successful one.
/// - `a_finished_delivery_comes_no_more`: until it is replayed, which starts it afresh.
/// - `a_log_is_read_from_its_end`: page by page, optionally only what is in one state.
/// - `what_is_too_much_is_trimmed`: finished deliveries are deleted, pending ones abandoned, oldest first.
#[async_trait]
pub trait WebhookLog: Send + Sync + 'static {
    /// Enqueues the delivery of an event to these webhooks, due at once.
    async fn enqueue(
        &self,
        telling: &Telling,
        webhooks: &[WebhookId],
        now: Timestamp,
    ) -> Result<(), Failure>;

    /// The webhooks that have a delivery due now.
    async fn due(&self, now: Timestamp) -> Result<Vec<WebhookId>, Failure>;

    /// Claims a webhook and returns its due deliveries, oldest first; none if another node holds it. When
    /// the holder claims it again with more than half of its lease left, the store may leave the lease as
    /// it is.
    async fn claim(&self, claim: &WebhookClaim) -> Result<Vec<WebhookDelivery>, Failure>;

    /// Releases everything that a node holds.
    async fn release(&self, holder: NodeId) -> Result<(), Failure>;

    /// Records the result of an attempt.
    async fn settle(&self, tried: &Tried) -> Result<(), Failure>;

    /// A page of a webhook's log, newest first.
    async fn page(&self, page: &LogPage) -> Result<Vec<WebhookDelivery>, Failure>;

    /// Makes deliveries pending again; returns how many of the given ones there were.
    async fn replay(
        &self,
        webhook: WebhookId,
        events: &[EventId],
        now: Timestamp,
    ) -> Result<usize, Failure>;

    /// Trims a webhook's log; returns how many pending deliveries were abandoned.
    async fn trim(&self, webhook: WebhookId, limits: &LogLimits) -> Result<usize, Failure>;
}
