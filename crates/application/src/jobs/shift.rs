//! Working through a queue.

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

/// How long one event may take. Beyond that the job times out and is retried.
const LONGEST: Duration = Duration::from_mins(5);
/// How long to wait before consuming a queue again after it failed or ended.
const AFTER_FAILURE: Duration = Duration::from_secs(1);

/// A queue and its worker.
#[derive(Clone)]
pub struct Shift {
    /// The queues.
    pub jobs: Arc<dyn Jobs>,
    /// The queue to consume.
    pub queue: Queue,
    /// What handles its events.
    pub worker: Arc<dyn Worker>,
    /// How many events are processed concurrently; with 1, they are processed in order.
    pub hands: usize,
}

impl Shift {
    /// Processes the queue forever. If dropped, unfinished events are left to the next consumer.
    pub async fn run(self) -> ! {
        loop {
            match self.jobs.consume(self.queue).await {
                Ok(deliveries) => self.work_off(deliveries).await,
                Err(failure) => {
                    let (queue, error) = (self.queue.name(), failure.chain());
                    tracing::warn!(queue, %error, "could not consume a job queue; retrying");
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
                    tracing::warn!(queue, %error, "a job queue became unavailable");
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
            tracing::error!(queue, %event, topic, "a job failed permanently; dead-lettered");
        }
        let settled = self.jobs.settle(self.queue, delivery.tag, verdict).await;
        if let Err(failure) = settled {
            let error = failure.chain();
            tracing::warn!(queue, %event, %error, "could not settle a job; it will run again");
        }
    }

    /// The worker's verdict. A worker that panics or hangs does not affect other deliveries.
    async fn verdict(&self, delivery: &Delivery) -> Verdict {
        let work = AssertUnwindSafe(self.worker.work(&delivery.event)).catch_unwind();
        let (queue, event, attempt) = (self.queue.name(), delivery.event.id, delivery.attempt);
        match timeout(LONGEST, work).await {
            Ok(Ok(verdict)) => {
                if verdict == Verdict::Retry {
                    tracing::info!(queue, %event, attempt, "a job will be retried");
                }
                verdict
            }
            Ok(Err(_panic)) => {
                tracing::error!(queue, %event, attempt, "a job panicked");
                Verdict::Retry
            }
            Err(_elapsed) => {
                tracing::error!(queue, %event, attempt, "a job timed out");
                Verdict::Retry
            }
        }
    }
}
