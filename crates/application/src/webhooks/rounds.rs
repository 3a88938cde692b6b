//! Making the webhook calls that are due.

use std::collections::{HashSet, VecDeque};
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use domain::port::courier::{Handed, Parcel};
use domain::port::jobs::Patience;
use domain::port::webhook_log::{Shears, Tried, WebhookClaim};
use domain::port::{Clock, Courier, Ids, IdsExt as _, WebhookLog, Webhooks};
use domain::{
    Attempt, DeliveryState, Failure, NodeId, Retry, RoomId, Webhook, WebhookDelivery, WebhookId,
};
use futures::stream::FuturesUnordered;
use futures::{FutureExt as _, StreamExt as _, TryStreamExt as _, stream};
use tokio::time::{Instant, sleep, timeout};

use super::known::KnownWebhooks;
use super::reading::{Reading, Tidings};
use crate::Ports;
use crate::jobs::Bell;

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
const CUT: Duration = Duration::from_mins(1);
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
    courier: Arc<dyn Courier>,
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
            courier: Arc::clone(&ports.courier),
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
            _never = self.call() => {}
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
        let mut cut: Option<Instant> = None;
        loop {
            if cut.is_none_or(|then| then.elapsed() >= CUT) {
                self.cut().await;
                cut = Some(Instant::now());
            }
            let due = self.due().await.into_iter();
            let free = due.filter(|webhook| busy.insert(*webhook));
            under_way.extend(free.map(|webhook| self.go_round(webhook)));
            tokio::select! {
                Some(webhook) = under_way.next() => {
                    busy.remove(&webhook);
                }
                _ = timeout(LOOK, self.bell.rung()) => {}
            }
        }
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
        let handed = match self.reading.read(&delivery.telling).await {
            Ok(Some(tidings)) => {
                let parcel = Parcel {
                    url: &hook.url,
                    secret: &hook.secret,
                    id: delivery.telling.event,
                    at,
                    body: &(self.wording)(tidings),
                };
                self.courier.hand(&parcel).await
            }
            Ok(None) => return self.settle(delivery, DeliveryState::Dropped, None).await,
            Err(failure) if failure.retry == Retry::Useless => {
                let error = failure.chain();
                tracing::error!(webhook = %hook.id, %error, "could not read an event to deliver");
                Handed::Failed("the event's content cannot be read".to_owned())
            }
            Err(failure) => return Err(failure),
        };
        let (status, error) = match handed {
            Handed::Taken(status) => (Some(status), None),
            Handed::Refused(status) => (Some(status), Some(format!("it answered {status}"))),
            Handed::Failed(words) => (None, Some(words)),
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

    async fn cut(&self) {
        if let Err(failure) = self.cut_all().await {
            tracing::warn!(error = %failure.chain(), "could not trim the webhook logs");
        }
    }

    async fn cut_all(&self) -> Result<(), Failure> {
        let (over, age) = KEPT;
        let shears = Shears {
            over,
            since: self.clock.now() - age,
            pending: WAITING,
        };
        for hook in self.known.all().await?.iter() {
            let given_up = self.log.cut(hook.id, &shears).await?;
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
