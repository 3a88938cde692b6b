//! All queues behind one lock, so that an event is accepted by all of its queues or by none.

use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use domain::port::jobs::{Delivery, Patience, Queue, Verdict};
use domain::{Event, EventId};
use tokio::sync::Notify;
use tokio::time::Instant;

use super::backlog::{Backlog, Settled};
use crate::lock::lock;

/// The settings of the queues.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct JobSettings {
    /// How failed events are retried.
    pub patience: Patience,
    /// How many events one queue holds. A full queue refuses new ones.
    pub capacity: usize,
}

pub(super) struct Shared {
    settings: JobSettings,
    queues: Mutex<Queues>,
    consumers: AtomicU64,
    /// Notified whenever there may be something to take, or something is due earlier than before.
    pub(super) news: Notify,
}

/// All queues, and which events are not finished.
struct Queues {
    backlogs: HashMap<Queue, Backlog>,
    /// How many queues are not yet done with an event.
    open: HashMap<EventId, usize>,
    /// Events that all queues have finished since this was last collected.
    safe: Vec<EventId>,
}

impl Queues {
    /// Records that one more queue is done with an event.
    fn close(&mut self, event: EventId) {
        let Some(open) = self.open.get_mut(&event) else {
            return;
        };
        *open = open.saturating_sub(1);
        if *open == 0 {
            self.open.remove(&event);
            self.safe.push(event);
        }
    }
}

impl Shared {
    pub(super) fn new(settings: JobSettings) -> Self {
        let backlogs = Queue::ALL.map(|queue| (queue, Backlog::default()));
        Self {
            settings,
            queues: Mutex::new(Queues {
                backlogs: HashMap::from(backlogs),
                open: HashMap::new(),
                safe: Vec::new(),
            }),
            consumers: AtomicU64::new(0),
            news: Notify::new(),
        }
    }

    /// A new consumer's number.
    pub(super) fn enlist(&self) -> u64 {
        self.consumers.fetch_add(1, Ordering::Relaxed)
    }

    /// Puts events into their queues, or none anywhere if one of the queues is full. Returns the events
    /// that were finished since the last call.
    pub(super) fn publish(&self, events: &[Event]) -> Option<Vec<EventId>> {
        let flows = |queue: Queue| events.iter().filter(move |e| queue.takes(e.what.topic()));
        let mut queues = lock(&self.queues);
        let fits = queues.backlogs.iter().all(|(queue, backlog)| {
            backlog.len() + flows(*queue).count() <= self.settings.capacity
        });
        if !fits {
            return None;
        }
        for (queue, backlog) in &mut queues.backlogs {
            flows(*queue).for_each(|event| backlog.push(*event));
        }
        for event in events {
            let topic = event.what.topic();
            let takers = Queue::ALL.iter().filter(|queue| queue.takes(topic)).count();
            *queues.open.entry(event.id).or_default() += takers.max(1);
            if takers == 0 {
                queues.close(event.id);
            }
        }
        self.news.notify_waiters();
        Some(std::mem::take(&mut queues.safe))
    }

    /// Delivers the next event, or says when to ask again.
    pub(super) fn take(&self, queue: Queue, consumer: u64) -> Result<Delivery, Option<Instant>> {
        let mut queues = lock(&self.queues);
        let Some(backlog) = queues.backlogs.get_mut(&queue) else {
            return Err(None);
        };
        let now = Instant::now();
        backlog.take(consumer, now).ok_or_else(|| backlog.due())
    }

    /// Carries out a verdict. The caller has to store a dead letter and then call
    /// [`close`](Self::close), or [`keep`](Self::keep) if that failed.
    pub(super) fn settle(&self, queue: Queue, tag: u64, verdict: Verdict) -> Option<Event> {
        let mut queues = lock(&self.queues);
        let backlog = queues.backlogs.get_mut(&queue)?;
        let settled = backlog.settle(tag, verdict, self.settings.patience, dice());
        self.news.notify_waiters();
        match settled {
            Settled::Done(event) => {
                queues.close(event.id);
                None
            }
            Settled::Dead(event) => Some(event),
            Settled::Later | Settled::Unknown => None,
        }
    }

    /// A queue has given up on an event, and its dead letter is stored.
    pub(super) fn close(&self, event: EventId) {
        lock(&self.queues).close(event);
    }

    /// A queue has given up on an event, but its dead letter could not be stored.
    pub(super) fn keep(&self, queue: Queue, event: Event) {
        if let Some(backlog) = lock(&self.queues).backlogs.get_mut(&queue) {
            backlog.keep(event, self.settings.patience);
        }
        self.news.notify_waiters();
    }

    pub(super) fn give_back(&self, queue: Queue, consumer: u64) {
        if let Some(backlog) = lock(&self.queues).backlogs.get_mut(&queue) {
            backlog.give_back(consumer);
        }
        self.news.notify_waiters();
    }
}

/// A random number. Without randomness, events that failed together are retried together.
fn dice() -> u8 {
    let mut dice = [0];
    match getrandom::fill(&mut dice) {
        Ok(()) => dice[0],
        Err(_) => 0,
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use domain::{Happening, MediaId, MessageId, Timestamp};
    use uuid::Uuid;

    use super::*;

    fn shared() -> Shared {
        Shared::new(JobSettings {
            patience: Patience {
                first: Duration::from_secs(1),
                longest: Duration::from_secs(1),
                tries: 2,
            },
            capacity: 2,
        })
    }

    fn event(number: u128, what: Happening) -> Event {
        Event {
            id: EventId::from_uuid(Uuid::from_u128(number)),
            at: Timestamp::from_millis(0),
            room: None,
            what,
        }
    }

    fn message(number: u128) -> Event {
        let id = MessageId::from_uuid(Uuid::nil());
        event(number, Happening::MessageCreated(id))
    }

    fn upload(number: u128) -> Event {
        let id = MediaId::from_uuid(Uuid::nil());
        event(number, Happening::MediaUploaded(id))
    }

    #[test]
    fn events_that_do_not_all_fit_are_taken_by_no_queue() {
        let shared = shared();
        assert_eq!(shared.publish(&[message(1)]), Some(Vec::new()));
        assert_eq!(shared.publish(&[upload(2), message(3), message(4)]), None);
        assert_eq!(shared.take(Queue::Media, 1), Err(None));

        // An event that is held still counts towards the capacity.
        for queue in [Queue::Messages, Queue::Notifications] {
            assert!(shared.take(queue, 1).is_ok());
            assert_eq!(shared.take(queue, 1), Err(None));
        }
        assert_eq!(shared.publish(&[message(3), message(4)]), None);
        assert!(
            shared
                .publish(&[message(3), upload(2), upload(5)])
                .is_some()
        );
    }

    #[test]
    fn an_event_is_safe_once_all_its_queues_have_done_with_it() {
        let shared = shared();
        shared.publish(&[message(1)]).unwrap();
        let one = shared.take(Queue::Messages, 1).unwrap();
        assert_eq!(shared.settle(Queue::Messages, one.tag, Verdict::Done), None);
        assert_eq!(shared.publish(&[]), Some(Vec::new()));

        let other = shared.take(Queue::Notifications, 1).unwrap();
        let dead = shared.settle(Queue::Notifications, other.tag, Verdict::Dead);
        assert_eq!(dead, Some(message(1)));
        assert_eq!(shared.publish(&[]), Some(Vec::new()));
        shared.keep(Queue::Notifications, message(1));
        assert_eq!(shared.publish(&[]), Some(Vec::new()));
        shared.close(message(1).id);
        assert_eq!(shared.publish(&[]), Some(vec![message(1).id]));
        assert_eq!(shared.publish(&[]), Some(Vec::new()));
    }
}
