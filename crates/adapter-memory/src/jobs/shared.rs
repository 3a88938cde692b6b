//! All queues behind one lock, so that an event is taken by all of its queues or by none.

use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use domain::Event;
use domain::port::jobs::{Delivery, Queue, Verdict};
use tokio::sync::Notify;
use tokio::time::Instant;

use super::line::Line;
use crate::lock::lock;

/// How queues behave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct JobSettings {
    /// How long an event waits for its next try.
    pub delay: Duration,
    /// How often it is tried at most.
    pub tries: u32,
    /// How many events one queue holds, and as many dead ones. A full queue refuses new events; of
    /// dead ones it forgets the oldest.
    pub capacity: usize,
}

impl Default for JobSettings {
    fn default() -> Self {
        Self {
            delay: Duration::from_secs(10),
            tries: 5,
            capacity: 10_000,
        }
    }
}

pub(super) struct Shared {
    settings: JobSettings,
    lines: Mutex<HashMap<Queue, Line>>,
    consumers: AtomicU64,
    /// Told whenever there may be something to take, or something due earlier than before.
    pub(super) news: Notify,
}

impl Shared {
    pub(super) fn new(settings: JobSettings) -> Self {
        let lines = Queue::ALL.map(|queue| (queue, Line::default()));
        Self {
            settings,
            lines: Mutex::new(HashMap::from(lines)),
            consumers: AtomicU64::new(0),
            news: Notify::new(),
        }
    }

    /// Names a new consumer.
    pub(super) fn enlist(&self) -> u64 {
        self.consumers.fetch_add(1, Ordering::Relaxed)
    }

    /// Puts events into the queues that take them, or nothing anywhere when one has no room.
    pub(super) fn publish(&self, events: &[Event]) -> bool {
        let flows = |queue: Queue| events.iter().filter(move |e| queue.takes(e.what.topic()));
        let mut lines = lock(&self.lines);
        let fits = lines
            .iter()
            .all(|(queue, line)| line.len() + flows(*queue).count() <= self.settings.capacity);
        if fits {
            for (queue, line) in lines.iter_mut() {
                flows(*queue).for_each(|event| line.push(*event));
            }
            self.news.notify_waiters();
        }
        fits
    }

    /// Hands out the next event, or tells when to ask again.
    pub(super) fn take(&self, queue: Queue, consumer: u64) -> Result<Delivery, Option<Instant>> {
        let mut lines = lock(&self.lines);
        let Some(line) = lines.get_mut(&queue) else {
            return Err(None);
        };
        let now = Instant::now();
        line.take(consumer, now).ok_or_else(|| line.due())
    }

    pub(super) fn settle(&self, queue: Queue, tag: u64, verdict: Verdict) {
        if let Some(line) = lock(&self.lines).get_mut(&queue) {
            line.settle(tag, verdict, self.settings);
        }
        self.news.notify_waiters();
    }

    pub(super) fn give_back(&self, queue: Queue, consumer: u64) {
        if let Some(line) = lock(&self.lines).get_mut(&queue) {
            line.give_back(consumer);
        }
        self.news.notify_waiters();
    }

    pub(super) fn dead(&self, queue: Queue, limit: usize) -> Vec<Event> {
        let lines = lock(&self.lines);
        lines
            .get(&queue)
            .map_or_else(Vec::new, |line| line.dead(limit))
    }
}

#[cfg(test)]
mod tests {
    use domain::{EventId, Happening, MediaId, MessageId, Timestamp};
    use uuid::Uuid;

    use super::*;

    fn event(what: Happening) -> Event {
        Event {
            id: EventId::from_uuid(Uuid::from_u128(1)),
            at: Timestamp::from_millis(0),
            room: None,
            what,
        }
    }

    #[test]
    fn events_that_do_not_all_fit_are_taken_by_no_queue() {
        let shared = Shared::new(JobSettings {
            capacity: 2,
            ..JobSettings::default()
        });
        let message = event(Happening::MessageCreated(MessageId::from_uuid(Uuid::nil())));
        let upload = event(Happening::MediaUploaded(MediaId::from_uuid(Uuid::nil())));
        assert!(shared.publish(&[message]));
        assert!(!shared.publish(&[upload, message, message]));
        assert_eq!(shared.take(Queue::Media, 1), Err(None));

        // One that is only held still takes its place.
        for queue in [Queue::Messages, Queue::Notifications] {
            assert!(shared.take(queue, 1).is_ok());
            assert_eq!(shared.take(queue, 1), Err(None));
        }
        assert!(!shared.publish(&[message, message]));
        assert!(shared.publish(&[message, upload, upload]));
    }
}
