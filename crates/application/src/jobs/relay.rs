//! Relaying events from the outbox to the queues.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::Duration;

use domain::port::outbox::Claim;
use domain::port::{Clock, Ids, IdsExt as _, Jobs, Outbox};
use domain::{Event, EventId, Failure, NodeId};
use tokio::time::{Instant, sleep, timeout};

use super::bell::Bell;
use super::meter;

/// How long a lane is held without renewing the claim.
const HOLD: Duration = Duration::from_secs(30);
/// How many new events of a lane one round takes, at least.
const BATCH: usize = 256;
/// How many events of a lane may be published but not yet safe. Later ones wait.
const ABROAD: usize = 4_096;
/// The shortest and the longest pause after each round that found something, so that the next finds
/// more.
const BREATH: [Duration; 2] = [Duration::from_millis(20), Duration::from_millis(400)];
/// The least pause after a wake-up that found nothing: most notices leave no event in the outbox.
const IN_VAIN: Duration = Duration::from_millis(50);
/// How often to poll without being woken, for events that other nodes have left behind.
const LOOK: Duration = Duration::from_secs(1);
/// The first and the longest pause after a failure.
const BACK_OFF: [Duration; 2] = [Duration::from_millis(250), Duration::from_secs(10)];
/// How often the backlog is counted.
const COUNT: Duration = Duration::from_secs(15);

/// The outcome of a round.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// There was nothing to relay.
    Idle,
    /// This many events were relayed.
    Moved(usize),
}

/// Relays events from the outbox to the queues: each lane in order, each event at least once,
/// forgetting events once they are safe. Several relays at once work on different lanes.
pub struct Relay {
    outbox: Arc<dyn Outbox>,
    jobs: Arc<dyn Jobs>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
    bell: Bell,
    pub(super) holder: NodeId,
    /// Events that were published and are not yet safe, with their lanes.
    abroad: HashMap<EventId, u8>,
}

impl Relay {
    /// A relay that has published nothing yet.
    pub fn new(
        outbox: &Arc<dyn Outbox>,
        jobs: &Arc<dyn Jobs>,
        clock: &Arc<dyn Clock>,
        ids: &Arc<dyn Ids>,
        bell: Bell,
    ) -> Self {
        Self {
            outbox: Arc::clone(outbox),
            jobs: Arc::clone(jobs),
            clock: Arc::clone(clock),
            ids: Arc::clone(ids),
            bell,
            holder: ids.next(),
            abroad: HashMap::new(),
        }
    }

    /// Relays events forever, without delay after a commit on this node.
    pub async fn run(mut self) -> ! {
        let mut failures = 0;
        let mut called = false;
        let mut counted: Option<Instant> = None;
        loop {
            if counted.is_none_or(|then| then.elapsed() >= COUNT) {
                self.count().await;
                counted = Some(Instant::now());
            }
            let stepped = self.step().await;
            tell(stepped.as_ref(), failures);
            if let Ok(step) = stepped {
                failures = 0;
                self.rest(step, &mut called).await;
            } else {
                sleep(self.back_off(failures)).await;
                failures += 1;
            }
        }
    }

    /// One round through all lanes that hold events.
    pub async fn step(&mut self) -> Result<Step, Failure> {
        let lanes = self.outbox.waiting().await?;
        let events = if lanes.is_empty() {
            Vec::new()
        } else {
            self.claim(lanes).await?
        };
        // Even with nothing new: what was published earlier may be safe by now.
        let safe = if events.is_empty() && self.abroad.is_empty() {
            Vec::new()
        } else {
            self.publish(&events).await?
        };
        let sent = events.iter().map(|event| (event.id, event.lane()));
        self.abroad.extend(sent);
        if !safe.is_empty() {
            self.forget(&safe).await?;
        }
        Ok(match events.len() {
            0 => Step::Idle,
            carried => {
                meter::carried(carried);
                Step::Moved(carried)
            }
        })
    }

    /// The oldest events of lanes that no other relay holds, without those already published.
    async fn claim(&self, lanes: Vec<u8>) -> Result<Vec<Event>, Failure> {
        let now = self.clock.now();
        let claim = Claim {
            lanes,
            holder: self.holder,
            now,
            until: now + HOLD,
            limit: (self.fullest_lane() + BATCH).min(ABROAD),
        };
        let mut events = self.outbox.claim(&claim).await?;
        events.retain(|event| !self.abroad.contains_key(&event.id));
        Ok(events)
    }

    /// How many events are abroad of the lane that has the most.
    fn fullest_lane(&self) -> usize {
        let mut counts: BTreeMap<u8, usize> = BTreeMap::new();
        for lane in self.abroad.values() {
            *counts.entry(*lane).or_default() += 1;
        }
        counts.into_values().max().unwrap_or_default()
    }

    /// Publishes events, and returns those that are safe by now.
    async fn publish(&mut self, events: &[Event]) -> Result<Vec<EventId>, Failure> {
        let published = self.jobs.publish(events).await;
        // What was safe before the failure need not be published again.
        if published.is_err()
            && let Ok(safe) = self.jobs.publish(&[]).await
            && !safe.is_empty()
        {
            self.forget(&safe).await?;
        }
        published
    }

    /// Forgets events that are safe. If the outbox fails to, they are relayed again.
    async fn forget(&mut self, safe: &[EventId]) -> Result<(), Failure> {
        for id in safe {
            self.abroad.remove(id);
        }
        self.outbox.settle(safe).await
    }

    /// `called` tells whether the bell prompted the round that led to `step`.
    async fn rest(&self, step: Step, called: &mut bool) {
        match step {
            Step::Moved(_) => {
                *called = false;
                sleep(self.breath()).await;
            }
            // Whether the bell rang or the wait timed out, the next step is to look.
            Step::Idle => {
                if *called {
                    sleep(IN_VAIN.max(self.breath())).await;
                }
                *called = timeout(LOOK, self.bell.rung()).await.is_ok();
            }
        }
    }

    /// Grows with what is abroad, because the next round reads that again.
    fn breath(&self) -> Duration {
        let [shortest, longest] = BREATH;
        let batches = u32::try_from(self.abroad.len() / BATCH).unwrap_or(u32::MAX);
        let whole = shortest.saturating_mul(batches.saturating_add(1));
        whole.min(longest)
    }

    /// Doubles with each failure, with jitter between half and all of it, so that nodes do not
    /// return at once.
    fn back_off(&self, failures: u32) -> Duration {
        let [first, longest] = BACK_OFF;
        let whole = first.saturating_mul(1 << failures.min(16)).min(longest);
        let mut dice = [0; 1];
        self.ids.fill(&mut dice);
        let [dice] = dice;
        whole / 2 + whole / 2 * u32::from(dice) / 255
    }

    async fn count(&self) {
        match self.outbox.backlog().await {
            Ok(backlog) => meter::backlog(backlog),
            Err(failure) => tracing::debug!(error = %failure.chain(), "could not count the outbox"),
        }
    }
}

/// Logs when relaying begins to fail, and when it works again.
fn tell(stepped: Result<&Step, &Failure>, failures: u32) {
    match stepped {
        Ok(_) if failures > 0 => tracing::info!(failures, "outbox relay recovered"),
        Ok(_) => {}
        Err(failure) => {
            meter::failed();
            if failures == 0 {
                let error = failure.chain();
                tracing::warn!(%error, "outbox relay failed; events wait in the outbox");
            }
        }
    }
}
