//! The port.

use std::sync::Arc;

use async_trait::async_trait;
use domain::port::jobs::{Deliveries, Queue, Verdict};
use domain::port::{Jobs, Outbox};
use domain::{Event, EventId, Failure};

use super::consumer::Consumer;
use super::shared::{JobSettings, Shared};

const REASON: &str = "its job failed for good, or too many times";

/// Delivers events to workers in this process, on top of an outbox that outlives it.
///
/// A delivery belongs to its consumer until its verdict; dropping a consumer returns its deliveries to
/// the queue as the same attempt. Events in these queues are lost with the process, so an event is safe
/// only once it has been worked off; until then it stays in the outbox. Dead letters are stored beside
/// the outbox.
pub struct MemoryJobs {
    shared: Arc<Shared>,
    outbox: Arc<dyn Outbox>,
}

impl MemoryJobs {
    /// Creates empty queues.
    pub fn new(outbox: Arc<dyn Outbox>, settings: JobSettings) -> Self {
        Self {
            shared: Arc::new(Shared::new(settings)),
            outbox,
        }
    }
}

#[async_trait]
impl Jobs for MemoryJobs {
    async fn publish(&self, events: &[Event]) -> Result<Vec<EventId>, Failure> {
        let safe = self.shared.publish(events);
        safe.ok_or_else(|| Failure::overloaded("jobs", "publish", "a queue is full"))
    }

    async fn consume(&self, queue: Queue) -> Result<Deliveries, Failure> {
        let consumer = Consumer::new(Arc::clone(&self.shared), queue);
        Ok(Box::pin(consumer.deliveries()))
    }

    async fn settle(&self, queue: Queue, tag: u64, verdict: Verdict) -> Result<(), Failure> {
        let Some(dead) = self.shared.settle(queue, tag, verdict) else {
            return Ok(());
        };
        let buried = self.outbox.park(queue, &dead, REASON).await;
        match &buried {
            Ok(()) => self.shared.close(dead.id),
            Err(_) => self.shared.keep(queue, dead),
        }
        buried
    }

    async fn dead(&self, queue: Queue, limit: usize) -> Result<Vec<Event>, Failure> {
        self.outbox.parked(queue, limit).await
    }

    async fn revive(&self, queue: Queue, events: &[EventId]) -> Result<usize, Failure> {
        self.outbox.release(queue, events).await
    }

    async fn discard(&self, queue: Queue, events: &[EventId]) -> Result<usize, Failure> {
        self.outbox.discard(queue, events).await
    }
}
