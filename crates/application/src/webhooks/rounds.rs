//! Making the calls that webhooks are owed.

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

/// How long a webhook is held without being claimed again.
const HOLD: Duration = Duration::from_mins(1);
/// When a round begins no further call: the last one has to end before the hold does.
const SHIFT: Duration = Duration::from_secs(40);
/// Deliveries of one round.
const BATCH: usize = 64;
/// Rooms of which a webhook is told at once; of each room in its order.
const AT_ONCE: usize = 8;
/// How often to look without being called.
const LOOK: Duration = Duration::from_secs(1);
/// How often logs are cut back.
const CUT: Duration = Duration::from_mins(1);
/// What of a webhook's log is kept of what is over, and for how long.
const KEPT: (usize, Duration) = (1_000, Duration::from_hours(30 * 24));
/// How much may wait for a webhook. Beyond that the oldest is given up.
const WAITING: usize = 10_000;

/// Puts into words what a webhook is told.
pub type Wording = Arc<dyn Fn(Tidings) -> Vec<u8> + Send + Sync>;

/// Calls webhooks: those that have something to be told at once, each by itself. Of many rounds on many
/// nodes each takes other webhooks.
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

    /// Calls until it is told to stop, and lets the others go on at once then, or whoever comes next.
    pub async fn run(self, stopped: impl Future<Output = ()>) {
        tokio::select! {
            biased;
            () = stopped => {}
            _never = self.call() => {}
        }
        if let Err(failure) = self.log.release(self.holder).await {
            let error = failure.chain();
            tracing::warn!(%error, "webhooks that were held here are told nothing for a minute");
        }
    }

    /// Calls for ever, at once after something was noted here.
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
                tracing::warn!(%error, "webhooks are told nothing for the moment");
                sleep(LOOK).await;
                Vec::new()
            }
        }
    }

    /// One round, with a rest after it where it came to nothing. One that panics does not take the others
    /// with it.
    async fn go_round(&self, webhook: WebhookId) -> WebhookId {
        match AssertUnwindSafe(self.round(webhook)).catch_unwind().await {
            Ok(Ok(calls)) if calls > 0 => return webhook,
            Ok(Ok(_nothing)) => {}
            Ok(Err(failure)) => {
                let error = failure.chain();
                tracing::warn!(%webhook, %error, "a webhook is told nothing for the moment");
            }
            Err(_panic) => tracing::error!(%webhook, "telling a webhook panicked"),
        }
        sleep(LOOK).await;
        webhook
    }

    /// Tells a webhook what is due, and says how much that was. Nothing, while another node does.
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

    /// Until it is too late to begin another call.
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
                tracing::error!(webhook = %hook.id, %error, "what a webhook is to be told is unreadable");
                Handed::Failed("what there is to tell cannot be read".to_owned())
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

    /// Whether it is tried again, as queues try what does not succeed.
    fn after_failure(&self, delivery: &WebhookDelivery, error: &str) -> DeliveryState {
        let tries = delivery.tries.saturating_add(1);
        if self.patience.wait(tries, 0).is_some() {
            return DeliveryState::Pending;
        }
        let (webhook, event) = (delivery.webhook, delivery.telling.event);
        let topic = delivery.telling.topic();
        tracing::error!(%webhook, %event, topic, tries, error, "a webhook could not be told");
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
            tracing::warn!(error = %failure.chain(), "the logs of webhooks were not cut back");
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
                tracing::error!(webhook = %hook.id, given_up, "too much waited for a webhook");
            }
        }
        Ok(())
    }
}

/// Deliveries of each room by themselves, in their order.
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
