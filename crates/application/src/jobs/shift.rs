//! Working a queue off.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::{Duration, Instant};

use domain::port::Jobs;
use domain::port::jobs::{Deliveries, Delivery, Queue, Verdict};
use futures::{FutureExt as _, StreamExt as _};
use tokio::time::{sleep, timeout};
use tracing::Instrument as _;

use super::meter;
use super::worker::Worker;

/// How long one event may take. What takes longer hangs, and is tried again.
const LONGEST: Duration = Duration::from_mins(5);
/// When to ask for work again after there was none to be had.
const AFTER_FAILURE: Duration = Duration::from_secs(1);

/// One queue, and who works on it.
pub struct Shift {
    /// Where the events come from.
    pub jobs: Arc<dyn Jobs>,
    /// From which queue.
    pub queue: Queue,
    /// Who draws their consequences.
    pub worker: Arc<dyn Worker>,
    /// How many events are worked on at once; with one hand, they are worked on in their order.
    pub hands: usize,
}

impl Shift {
    /// Works for ever. Dropped, it leaves what it was at to the next.
    pub async fn run(self) -> ! {
        loop {
            match self.jobs.consume(self.queue).await {
                Ok(deliveries) => self.work_off(deliveries).await,
                Err(failure) => {
                    let (queue, error) = (self.queue.name(), failure.chain());
                    tracing::warn!(queue, %error, "a queue cannot be worked on");
                }
            }
            sleep(AFTER_FAILURE).await;
        }
    }

    async fn work_off(&self, deliveries: Deliveries) {
        deliveries
            .for_each_concurrent(self.hands.max(1), async |delivery| match delivery {
                Ok(delivery) => self.deliver(delivery).await,
                Err(failure) => {
                    let (queue, error) = (self.queue.name(), failure.chain());
                    tracing::warn!(queue, %error, "a queue is away");
                }
            })
            .await;
    }

    async fn deliver(&self, delivery: Delivery) {
        let begun = Instant::now();
        let span = tracing::info_span!(
            "job",
            otel.kind = "consumer",
            messaging.destination.name = self.queue.name(),
            topic = delivery.event.what.topic(),
            event = %delivery.event.id,
            attempt = delivery.attempt,
        );
        let verdict = self.verdict(&delivery).instrument(span).await;
        meter::worked(self.queue, verdict, begun.elapsed());
        let (queue, event) = (self.queue.name(), delivery.event.id);
        if verdict == Verdict::Dead {
            let topic = delivery.event.what.topic();
            tracing::error!(queue, %event, topic, "an event cannot be worked on");
        }
        let settled = self.jobs.settle(self.queue, delivery.tag, verdict).await;
        if let Err(failure) = settled {
            let error = failure.chain();
            tracing::warn!(queue, %event, %error, "a verdict was not heard, the event comes again");
        }
    }

    /// What the worker says. One that panics or hangs does not take the others with it.
    async fn verdict(&self, delivery: &Delivery) -> Verdict {
        let work = AssertUnwindSafe(self.worker.work(&delivery.event)).catch_unwind();
        let (queue, event, attempt) = (self.queue.name(), delivery.event.id, delivery.attempt);
        match timeout(LONGEST, work).await {
            Ok(Ok(verdict)) => {
                if verdict == Verdict::Retry {
                    tracing::info!(queue, %event, attempt, "an event is to be tried again");
                }
                verdict
            }
            Ok(Err(_panic)) => {
                tracing::error!(queue, %event, attempt, "a worker panicked");
                Verdict::Retry
            }
            Err(_elapsed) => {
                tracing::error!(queue, %event, attempt, "a worker hangs");
                Verdict::Retry
            }
        }
    }
}
