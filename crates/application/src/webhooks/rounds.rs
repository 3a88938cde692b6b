//! Making the webhook calls that are due.

use std::collections::{HashSet, VecDeque};
use std::panic::AssertUnwindSafe;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use domain::port::jobs::Patience;
use domain::port::webhook_log::{LogLimits, Tried, WebhookClaim};
use domain::port::webhook_sender::{Sent, WebhookCall};
use domain::port::{Clock, Ids, IdsExt as _, WebhookLog, WebhookSender, Webhooks};
use domain::{
    Attempt, DeliveryState, Failure, NodeId, Retry, RoomId, Webhook, WebhookDelivery, WebhookId,
};
use futures::stream::FuturesUnordered;
use futures::{FutureExt as _, StreamExt as _, TryStreamExt as _, stream};
use tokio::time::{Instant, sleep, timeout};

use super::known::KnownWebhooks;
use super::reading::{Reading, Tidings};
use crate::jobs::Bell;
use crate::{Ports, supervised};

/// How long a webhook is held without renewing the claim.
const HOLD: Duration = Duration::from_mins(1);
/// How long a round keeps starting calls: the last one has to end before the hold does.
const SHIFT: Duration = Duration::from_secs(40);
/// The maximum number of deliveries in a round.
const BATCH: usize = 64;
/// How many rooms a webhook is called for concurrently; calls of one room are made in order.
const AT_ONCE: usize = 8;
/// How often to poll without being woken.
const LOOK: Duration = Duration::from_secs(1);
/// How often logs are trimmed.
const TRIM: Duration = Duration::from_mins(1);
/// How many finished deliveries of a webhook are kept in its log, and for how long.
const KEPT: (usize, Duration) = (1_000, Duration::from_hours(30 * 24));
/// How many deliveries may be pending for a webhook. Beyond that the oldest are dropped.
const WAITING: usize = 10_000;

/// Serialises what a webhook is sent.
pub type Wording = Arc<dyn Fn(Tidings) -> Vec<u8> + Send + Sync>;

/// Calls the webhooks with deliveries due, concurrently and independently of each other. Several
/// instances on several nodes work on different webhooks.
pub struct WebhookRounds {
    webhooks: Arc<dyn Webhooks>,
    log: Arc<dyn WebhookLog>,
    sender: Arc<dyn WebhookSender>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
    known: Arc<KnownWebhooks>,
    bell: Bell,
    reading: Reading,
    wording: Wording,
    patience: Patience,
    holder: NodeId,
}

impl WebhookRounds {
    pub(super) fn new(
        ports: &Ports,
        (known, bell): (&Arc<KnownWebhooks>, &Bell),
        reading: Reading,
        wording: Wording,
        patience: Patience,
    ) -> Self {
        Self {
            webhooks: Arc::clone(&ports.webhooks),
            log: Arc::clone(&ports.webhook_log),
            sender: Arc::clone(&ports.webhook_sender),
            clock: Arc::clone(&ports.clock),
            ids: Arc::clone(&ports.ids),
            known: Arc::clone(known),
            bell: bell.clone(),
            reading,
            wording,
            patience,
            holder: ports.ids.next(),
        }
    }

    /// Makes calls until `stopped` completes, and then releases its webhooks, so that another node
    /// can go on at once.
    pub async fn run(self, stopped: impl Future<Output = ()>) {
        tokio::select! {
            biased;
            () = stopped => {}
            _never = supervised("webhook_calls", || self.call()) => {}
            _never = supervised("webhook_logs", || self.keep_trimmed()) => {}
        }
        if let Err(failure) = self.log.release(self.holder).await {
            let error = failure.chain();
            tracing::warn!(%error, "could not release webhooks; deliveries pause for a minute");
        }
    }

    /// Makes calls forever, without delay after a delivery was enqueued on this node.
    async fn call(&self) -> ! {
        let mut under_way = FuturesUnordered::new();
        let mut busy = HashSet::new();
        let mut due = self.due().await;
        let mut look = pin!(self.look());
        loop {
            let free = due.drain(..).filter(|webhook| busy.insert(*webhook));
            under_way.extend(free.map(|webhook| self.go_round(webhook)));
            // Calls under way go on while the log is read.
            tokio::select! {
                Some(webhook) = under_way.next() => {
                    busy.remove(&webhook);
                    // More of its deliveries may be due.
                    self.bell.ring();
                }
                found = &mut look => {
                    look.set(self.look());
                    due = found;
                }
            }
        }
    }

    /// Waits until it is time to look, and returns the webhooks with deliveries due.
    async fn look(&self) -> Vec<WebhookId> {
        // Whether the bell rang or the wait timed out, the next step is to look.
        drop(timeout(LOOK, self.bell.rung()).await);
        self.due().await
    }

    async fn due(&self) -> Vec<WebhookId> {
        match self.log.due(self.clock.now()).await {
            Ok(due) => due,
            Err(failure) => {
                let error = failure.chain();
                tracing::warn!(%error, "could not list due webhooks; retrying");
                sleep(LOOK).await;
                Vec::new()
            }
        }
    }

    /// One round, followed by a pause if it made no calls. A panic does not affect the other
    /// webhooks.
    async fn go_round(&self, webhook: WebhookId) -> WebhookId {
        match AssertUnwindSafe(self.round(webhook)).catch_unwind().await {
            Ok(Ok(calls)) if calls > 0 => return webhook,
            Ok(Ok(_nothing)) => {}
            Ok(Err(failure)) => {
                let error = failure.chain();
                tracing::warn!(%webhook, %error, "a webhook round failed; retrying");
            }
            Err(_panic) => tracing::error!(%webhook, "a webhook round panicked"),
        }
        sleep(LOOK).await;
        webhook
    }

    /// Makes the calls that are due for a webhook, and returns how many it claimed. None, if
    /// another node holds the webhook.
    pub async fn round(&self, webhook: WebhookId) -> Result<usize, Failure> {
        let hook = self.webhooks.find(webhook).await?;
        let Some(hook) = hook.filter(|hook| hook.enabled) else {
            return Ok(0);
        };
        let now = self.clock.now();
        let claim = WebhookClaim {
            webhook,
            holder: self.holder,
            now,
            until: now + HOLD,
            limit: BATCH,
        };
        let claimed = self.log.claim(&claim).await?;
        let (count, end) = (claimed.len(), Instant::now() + SHIFT);
        stream::iter(by_room(claimed).into_iter().map(Ok))
            .try_for_each_concurrent(AT_ONCE, async |of_room| {
                self.tell_in_order(&hook, of_room, end).await
            })
            .await?;
        Ok(count)
    }

    /// Makes calls in order until it is too late to start another.
    async fn tell_in_order(
        &self,
        hook: &Webhook,
        deliveries: VecDeque<WebhookDelivery>,
        end: Instant,
    ) -> Result<(), Failure> {
        for delivery in deliveries {
            if Instant::now() >= end {
                break;
            }
            self.deliver(hook, &delivery).await?;
        }
        Ok(())
    }

    async fn deliver(&self, hook: &Webhook, delivery: &WebhookDelivery) -> Result<(), Failure> {
        let at = self.clock.now();
        let sent = match self.reading.read(&delivery.telling).await {
            Ok(Some(tidings)) => {
                let call = WebhookCall {
                    url: &hook.url,
                    secret: &hook.secret,
                    id: delivery.telling.event,
                    at,
                    body: &(self.wording)(tidings),
                };
                self.sender.send(&call).await
            }
            Ok(None) => return self.settle(delivery, DeliveryState::Dropped, None).await,
            Err(failure) if failure.retry == Retry::Useless => {
                let error = failure.chain();
                tracing::error!(webhook = %hook.id, %error, "could not read an event to deliver");
                Sent::Failed("the event's content cannot be read".to_owned())
            }
            Err(failure) => return Err(failure),
        };
        let (status, error) = match sent {
            Sent::Taken(status) => (Some(status), None),
            Sent::Refused(status) => (Some(status), Some(format!("it answered {status}"))),
            Sent::Failed(words) => (None, Some(words)),
        };
        let state = match &error {
            None => DeliveryState::Delivered,
            Some(error) => self.after_failure(delivery, error),
        };
        let attempt = Attempt { at, status, error };
        self.settle(delivery, state, Some(attempt)).await
    }

    /// Whether the delivery is retried, by the same rules as jobs in queues.
    fn after_failure(&self, delivery: &WebhookDelivery, error: &str) -> DeliveryState {
        let tries = delivery.tries.saturating_add(1);
        if self.patience.wait(tries, 0).is_some() {
            return DeliveryState::Pending;
        }
        let (webhook, event) = (delivery.webhook, delivery.telling.event);
        let topic = delivery.telling.topic();
        tracing::error!(%webhook, %event, topic, tries, error, "gave up on a webhook delivery");
        DeliveryState::Dead
    }

    async fn settle(
        &self,
        delivery: &WebhookDelivery,
        state: DeliveryState,
        attempt: Option<Attempt>,
    ) -> Result<(), Failure> {
        metrics::counter!("tertulia_webhook_calls_total", "became" => state.word()).increment(1);
        let mut dice = [0; 1];
        self.ids.fill(&mut dice);
        let [dice] = dice;
        let wait = self.patience.wait(delivery.tries.saturating_add(1), dice);
        let tried = Tried {
            webhook: delivery.webhook,
            event: delivery.telling.event,
            state,
            due_at: self.clock.now() + wait.unwrap_or_default(),
            attempt,
        };
        self.log.settle(&tried).await
    }

    async fn keep_trimmed(&self) -> ! {
        loop {
            self.trim().await;
            sleep(TRIM).await;
        }
    }

    async fn trim(&self) {
        if let Err(failure) = self.trim_all().await {
            tracing::warn!(error = %failure.chain(), "could not trim the webhook logs");
        }
    }

    async fn trim_all(&self) -> Result<(), Failure> {
        let (finished, age) = KEPT;
        let limits = LogLimits {
            finished,
            since: self.clock.now() - age,
            pending: WAITING,
        };
        for hook in self.known.all().await?.iter() {
            let given_up = self.log.trim(hook.id, &limits).await?;
            if given_up > 0 {
                tracing::error!(webhook = %hook.id, given_up, "webhook queue full; oldest dropped");
            }
        }
        Ok(())
    }
}

/// Groups deliveries by room, keeping their order.
fn by_room(deliveries: Vec<WebhookDelivery>) -> Vec<VecDeque<WebhookDelivery>> {
    let mut rooms: Vec<(Option<RoomId>, VecDeque<WebhookDelivery>)> = Vec::new();
    for delivery in deliveries {
        let room = delivery.telling.room;
        match rooms.iter_mut().find(|(known, _)| *known == room) {
            Some((_, of_room)) => of_room.push_back(delivery),
            None => rooms.push((room, VecDeque::from([delivery]))),
        }
    }
    rooms.into_iter().map(|(_, of_room)| of_room).collect()
}
