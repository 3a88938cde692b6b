//! What webhooks are to be told, and what became of it.

use async_trait::async_trait;

use crate::{
    Attempt, DeliveryState, EventId, Failure, NodeId, Telling, Timestamp, WebhookDelivery,
    WebhookId,
};

/// Someone who wants to tell a webhook what is due.
#[derive(Clone, Copy, Debug)]
pub struct WebhookClaim {
    /// Which one.
    pub webhook: WebhookId,
    /// Who.
    pub holder: NodeId,
    /// Since when.
    pub now: Timestamp,
    /// Until when, unless claimed again by the same holder.
    pub until: Timestamp,
    /// How many deliveries at most.
    pub limit: usize,
}

/// What a try has come to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tried {
    /// Of which webhook.
    pub webhook: WebhookId,
    /// Of which event.
    pub event: EventId,
    /// How it stands now.
    pub state: DeliveryState,
    /// When to try again, if it is pending.
    pub due_at: Timestamp,
    /// The call; nothing, where there was nothing left to tell.
    pub attempt: Option<Attempt>,
}

/// Which part of a webhook's log is wanted.
#[derive(Clone, Copy, Debug)]
pub struct LogPage {
    /// Of which webhook.
    pub webhook: WebhookId,
    /// Only those in this state.
    pub state: Option<DeliveryState>,
    /// Only those that are older than this one.
    pub before: Option<EventId>,
    /// How many at most.
    pub limit: usize,
}

/// How much of a webhook's log is kept.
#[derive(Clone, Copy, Debug)]
pub struct Shears {
    /// So many that are over.
    pub over: usize,
    /// And none that happened before this.
    pub since: Timestamp,
    /// So many that are pending. What waits beyond that is given up, the oldest first.
    pub pending: usize,
}

/// Keeps what webhooks are to be told until it is told, and for a while what became of it.
///
/// # Obligations
/// - `a_delivery_is_kept_once`: for each webhook that there is, however often the event comes.
/// - `what_is_due_is_told`: which webhooks have something to be told now; none that is disabled.
/// - `deliveries_come_in_order`: as they were enqueued, and only those that are due.
/// - `a_webhook_has_one_holder`: while one holds it, others claim nothing, until its claim has lapsed.
/// - `a_holder_who_leaves_is_not_waited_for`: whatever it held is free at once, and nothing that others hold.
/// - `a_try_is_kept`: with its count; a webhook is failing from its first call without success until the
///   next with it.
/// - `a_finished_delivery_comes_no_more`: until it is replayed, which begins it anew.
/// - `a_log_is_read_from_its_end`: page by page, or only what is in one state.
/// - `what_is_too_much_is_cut`: what is over is forgotten, what waits is given up, the oldest first.
#[async_trait]
pub trait WebhookLog: Send + Sync + 'static {
    /// Keeps something that these webhooks are to be told, at once.
    async fn enqueue(
        &self,
        telling: &Telling,
        webhooks: &[WebhookId],
        now: Timestamp,
    ) -> Result<(), Failure>;

    /// Which webhooks have something to be told now.
    async fn due(&self, now: Timestamp) -> Result<Vec<WebhookId>, Failure>;

    /// Takes a webhook, and answers with what it is to be told now, the oldest first; nothing when
    /// somebody else holds it. Claimed again by its holder, it may be held on until the first claim's
    /// end, while more than half of its time is left.
    async fn claim(&self, claim: &WebhookClaim) -> Result<Vec<WebhookDelivery>, Failure>;

    /// Gives up whatever somebody holds.
    async fn release(&self, holder: NodeId) -> Result<(), Failure>;

    /// Notes what a try has come to.
    async fn settle(&self, tried: &Tried) -> Result<(), Failure>;

    /// A part of a webhook's log, the newest first.
    async fn page(&self, page: &LogPage) -> Result<Vec<WebhookDelivery>, Failure>;

    /// Has deliveries begin anew, and says how many of these there were.
    async fn replay(
        &self,
        webhook: WebhookId,
        events: &[EventId],
        now: Timestamp,
    ) -> Result<usize, Failure>;

    /// Cuts a webhook's log back, and says how many deliveries were given up for it.
    async fn cut(&self, webhook: WebhookId, shears: &Shears) -> Result<usize, Failure>;
}
