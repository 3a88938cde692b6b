//! Helpers for tests of jobs.

use std::sync::Arc;
use std::time::{Duration, Instant};

use domain::port::jobs::{Deliveries, Delivery, Queue, Verdict};
use domain::port::outbox::Claim;
use domain::port::{Jobs, Outbox};
use domain::{Event, EventId, Happening};
use futures::StreamExt as _;
use tokio::time::{sleep, timeout};

use crate::made::event;
use crate::{at, fresh};

/// Empty queues that nothing else uses.
pub struct Queues {
    pub jobs: Arc<dyn Jobs>,
    /// Where revived events come back to, if the adapter keeps dead letters there: nothing else reads
    /// it.
    pub outbox: Option<Arc<dyn Outbox>>,
    /// How long an event waits for its next attempt: short, because the tests wait for it.
    pub delay: Duration,
    /// How many attempts there are. At least two.
    pub tries: u32,
    /// How many events a queue holds; an adapter may round up to twice as many. At least 32.
    pub capacity: usize,
}

/// Longer than anything takes, on any machine.
const LONG: Duration = Duration::from_mins(1);

impl Queues {
    pub(super) async fn publish(&self, events: &[Event]) {
        self.jobs.publish(events).await.unwrap();
    }

    pub(super) async fn consume(&self, queue: Queue) -> Deliveries {
        self.jobs.consume(queue).await.unwrap()
    }

    pub(super) async fn settle(&self, queue: Queue, delivery: Delivery, verdict: Verdict) {
        let settled = self.jobs.settle(queue, delivery.tag, verdict).await;
        settled.unwrap();
    }

    /// Takes the next events and settles them as done.
    pub(super) async fn work_off(
        &self,
        queue: Queue,
        deliveries: &mut Deliveries,
        count: usize,
    ) -> Vec<Event> {
        let mut events = Vec::new();
        for _ in 0..count {
            let delivery = next(deliveries).await;
            self.settle(queue, delivery, Verdict::Done).await;
            events.push(delivery.event);
        }
        events
    }

    /// Publishes what was put back into the outbox, as the relay does.
    pub(super) async fn carry(&self) {
        let Some(outbox) = &self.outbox else {
            return;
        };
        let claim = Claim {
            lanes: outbox.waiting().await.unwrap(),
            holder: fresh(),
            now: at(0),
            until: at(0),
            limit: 100,
        };
        let events = outbox.claim(&claim).await.unwrap();
        self.publish(&events).await;
    }

    /// The dead letters of a queue, by id, once there are this many. They may still be on their way.
    pub(super) async fn dead(&self, queue: Queue, count: usize) -> Vec<Event> {
        let deadline = Instant::now() + LONG;
        let mut dead = self.jobs.dead(queue, 100).await.unwrap();
        while dead.len() < count {
            assert!(Instant::now() < deadline, "{dead:?}");
            sleep(Duration::from_millis(5)).await;
            dead = self.jobs.dead(queue, 100).await.unwrap();
        }
        dead.sort_unstable_by_key(|event| event.id);
        dead
    }
}

/// The next delivery.
pub(super) async fn next(deliveries: &mut Deliveries) -> Delivery {
    let next = timeout(LONG, deliveries.next()).await;
    next.unwrap().unwrap().unwrap()
}

/// A new upload, which only the media queue takes.
pub(super) fn upload() -> Event {
    event(fresh(), Happening::MediaUploaded(fresh()))
}

/// New uploads.
pub(super) fn uploads(count: usize) -> Vec<Event> {
    std::iter::repeat_with(upload).take(count).collect()
}

/// A new message, which two queues take.
pub(super) fn message() -> Event {
    event(fresh(), Happening::MessageCreated(fresh()))
}

/// An upload that belongs to no room.
pub(super) fn avatar() -> Event {
    Event {
        id: fresh::<EventId>(),
        at: at(7),
        room: None,
        what: Happening::MediaUploaded(fresh()),
    }
}
