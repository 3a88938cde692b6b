//! One queue.

use std::collections::{BTreeMap, VecDeque};

use domain::Event;
use domain::port::jobs::{Delivery, Patience, Verdict};
use tokio::time::Instant;

/// An event in a queue.
#[derive(Clone, Copy)]
pub(super) struct Job {
    pub(super) event: Event,
    pub(super) attempt: u32,
}

/// The result of a verdict.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Settled {
    /// The queue is done with the event.
    Done(Event),
    /// The event will be delivered again.
    Later,
    /// The queue has given up on the event.
    Dead(Event),
    /// The delivery was given back in the meantime, and will come again anyway.
    Unknown,
}

/// The events of one queue: ready ones, those that wait for their next attempt, and those held by a
/// consumer.
#[derive(Default)]
pub(super) struct Backlog {
    ready: VecDeque<Job>,
    /// By due time, and a number that makes the key unique.
    waiting: BTreeMap<(Instant, u64), Job>,
    /// By tag, with the consumer that holds it.
    held: BTreeMap<u64, (u64, Job)>,
    tags: u64,
}

impl Backlog {
    /// How many events are not finished.
    pub(super) fn len(&self) -> usize {
        self.ready.len() + self.waiting.len() + self.held.len()
    }

    pub(super) fn push(&mut self, event: Event) {
        self.ready.push_back(Job { event, attempt: 1 });
    }

    /// Delivers the next event.
    pub(super) fn take(&mut self, consumer: u64, now: Instant) -> Option<Delivery> {
        while let Some(due) = self.waiting.first_entry()
            && due.key().0 <= now
        {
            self.ready.push_back(due.remove());
        }
        let job = self.ready.pop_front()?;
        self.tags += 1;
        self.held.insert(self.tags, (consumer, job));
        Some(Delivery {
            event: job.event,
            attempt: job.attempt,
            tag: self.tags,
        })
    }

    /// When the next waiting event is due.
    pub(super) fn due(&self) -> Option<Instant> {
        self.waiting.keys().next().map(|(due, _)| *due)
    }

    /// Carries out a verdict.
    pub(super) fn settle(
        &mut self,
        tag: u64,
        verdict: Verdict,
        patience: Patience,
        dice: u8,
    ) -> Settled {
        let Some((_, job)) = self.held.remove(&tag) else {
            return Settled::Unknown;
        };
        match verdict {
            Verdict::Done => Settled::Done(job.event),
            Verdict::Dead => Settled::Dead(job.event),
            Verdict::Retry => match patience.wait(job.attempt, dice) {
                Some(wait) => {
                    let attempt = job.attempt + 1;
                    let due = (Instant::now() + wait, tag);
                    self.waiting.insert(due, Job { attempt, ..job });
                    Settled::Later
                }
                None => Settled::Dead(job.event),
            },
        }
    }

    /// Schedules another attempt for an event whose dead letter could not be stored.
    pub(super) fn keep(&mut self, event: Event, patience: Patience) {
        self.tags += 1;
        let attempt = patience.tries.max(1);
        let due = (Instant::now() + patience.first, self.tags);
        self.waiting.insert(due, Job { event, attempt });
    }

    /// Returns what a consumer holds to the queue, in the order in which it was taken.
    pub(super) fn give_back(&mut self, consumer: u64) {
        let mut left = self
            .held
            .extract_if(.., |_, (holder, _)| *holder == consumer)
            .map(|(_, (_, job))| job)
            .collect::<Vec<_>>();
        while let Some(job) = left.pop() {
            self.ready.push_front(job);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use domain::{EventId, Happening, Timestamp};
    use uuid::Uuid;

    use super::*;

    const PATIENCE: Patience = Patience {
        first: Duration::from_secs(1),
        longest: Duration::from_secs(1),
        tries: 2,
    };

    fn event(number: u128) -> Event {
        Event {
            id: EventId::from_uuid(Uuid::from_u128(number)),
            at: Timestamp::from_millis(0),
            room: None,
            what: Happening::RoomCreated,
        }
    }

    fn backlog(events: u128) -> Backlog {
        let mut backlog = Backlog::default();
        (1..=events).for_each(|number| backlog.push(event(number)));
        backlog
    }

    fn taken(backlog: &mut Backlog, consumer: u64) -> Vec<Event> {
        let now = Instant::now();
        std::iter::from_fn(|| backlog.take(consumer, now))
            .map(|delivery| delivery.event)
            .collect()
    }

    #[test]
    fn what_a_consumer_gives_back_keeps_its_order() {
        let mut backlog = backlog(3);
        let now = Instant::now();
        backlog.take(1, now).unwrap();
        backlog.take(2, now).unwrap();
        backlog.take(1, now).unwrap();
        backlog.push(event(4));
        backlog.give_back(1);
        assert_eq!(taken(&mut backlog, 3), [event(1), event(3), event(4)]);
        assert_eq!(backlog.len(), 4);
    }

    #[test]
    fn an_event_waits_for_its_next_try_and_its_last() {
        let mut backlog = backlog(1);
        let first = backlog.take(1, Instant::now()).unwrap();
        let settled = backlog.settle(first.tag, Verdict::Retry, PATIENCE, 0);
        assert_eq!(settled, Settled::Later);
        assert_eq!(backlog.take(1, Instant::now()), None);
        let due = backlog.due().unwrap();
        let second = backlog.take(1, due).unwrap();
        assert_eq!((first.attempt, second.attempt), (1, 2));
        let settled = backlog.settle(second.tag, Verdict::Retry, PATIENCE, 0);
        assert_eq!(settled, Settled::Dead(event(1)));
        assert_eq!(backlog.len(), 0);

        // If its dead letter could not be stored, it is tried again.
        backlog.keep(event(1), PATIENCE);
        let due = backlog.due().unwrap();
        assert_eq!(backlog.take(1, due).unwrap().attempt, 2);
    }

    #[test]
    fn a_verdict_on_what_was_given_back_is_too_late() {
        let mut backlog = backlog(1);
        let first = backlog.take(1, Instant::now()).unwrap();
        backlog.give_back(1);
        let settled = backlog.settle(first.tag, Verdict::Done, PATIENCE, 0);
        assert_eq!(settled, Settled::Unknown);
        assert_eq!(taken(&mut backlog, 2), [event(1)]);
    }
}
