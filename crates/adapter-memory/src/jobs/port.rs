//! The port.

use std::sync::Arc;

use async_trait::async_trait;
use domain::port::Jobs;
use domain::port::jobs::{Deliveries, Queue, Verdict};
use domain::{Event, Failure};

use super::consumer::Consumer;
use super::shared::{JobSettings, Shared};

/// Carries events to workers in this process.
///
/// A delivery belongs to the consumer that took it until its verdict; a consumer that is dropped
/// gives back what it had, as the same try. What is here is lost with the process.
pub struct MemoryJobs {
    shared: Arc<Shared>,
}

impl MemoryJobs {
    /// Empty queues.
    pub fn new(settings: JobSettings) -> Self {
        Self {
            shared: Arc::new(Shared::new(settings)),
        }
    }
}

#[async_trait]
impl Jobs for MemoryJobs {
    async fn publish(&self, events: &[Event]) -> Result<(), Failure> {
        if self.shared.publish(events) {
            Ok(())
        } else {
            Err(Failure::overloaded("jobs", "publish", "a queue is full"))
        }
    }

    async fn consume(&self, queue: Queue) -> Result<Deliveries, Failure> {
        let consumer = Consumer::new(Arc::clone(&self.shared), queue);
        Ok(Box::pin(consumer.deliveries()))
    }

    async fn settle(&self, queue: Queue, tag: u64, verdict: Verdict) -> Result<(), Failure> {
        self.shared.settle(queue, tag, verdict);
        Ok(())
    }

    async fn dead(&self, queue: Queue, limit: usize) -> Result<Vec<Event>, Failure> {
        Ok(self.shared.dead(queue, limit))
    }
}
