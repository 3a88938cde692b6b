//! Background jobs that follow from events, run by any node.

use std::pin::Pin;
use std::time::Duration;

use async_trait::async_trait;
use futures_core::Stream;

use crate::{Event, EventId, Failure};

/// The queues that events are routed to by topic.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Queue {
    /// Webhooks: all of `message.*`, `member.*` and `room.*`.
    Messages,
    /// Notifying users who are offline: `message.created`.
    Notifications,
    /// Processing uploads: `media.*`.
    Media,
}

impl Queue {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Messages, Self::Notifications, Self::Media];

    /// Its name, for operators and for the broker.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Messages => "messages.queue",
            Self::Notifications => "notifications.queue",
            Self::Media => "media.queue",
        }
    }

    /// Whether events of a topic are routed to this queue.
    pub fn takes(self, topic: &str) -> bool {
        match self {
            Self::Messages => ["message.", "member.", "room."]
                .iter()
                .any(|start| topic.starts_with(start)),
            Self::Notifications => topic == "message.created",
            Self::Media => topic.starts_with("media."),
        }
    }
}

/// A retry policy with exponential backoff: each delay is twice the one before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// The delay after the first attempt.
    pub first: Duration,
    /// The maximum delay, not counting the jitter.
    pub longest: Duration,
    /// The maximum number of attempts.
    pub tries: u32,
}

impl Patience {
    /// The delay after this many attempts; `None` once they are used up. `dice` is random and adds up to a
    /// quarter of jitter, so that jobs which failed together are not retried together.
    pub fn wait(&self, tries: u32, dice: u8) -> Option<Duration> {
        if tries >= self.tries {
            return None;
        }
        let doublings = tries.saturating_sub(1).min(31);
        let wait = self.first.saturating_mul(1 << doublings);
        let wait = wait.min(self.longest.max(self.first));
        let more = (wait / 4).saturating_mul(u32::from(dice)) / 256;
        Some(wait.saturating_add(more))
    }
}

/// An event handed to a worker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// The event.
    pub event: Event,
    /// The number of this attempt, from 1.
    pub attempt: u32,
    /// Identifies this delivery to the queue.
    pub tag: u64,
}

/// A worker's verdict on a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It was processed.
    Done,
    /// It failed for now: deliver it again after a delay.
    Retry,
    /// It cannot be processed: move it to the dead letters.
    Dead,
}

/// A stream of deliveries.
pub type Deliveries = Pin<Box<dyn Stream<Item = Result<Delivery, Failure>> + Send>>;

/// Carries events to workers, delivering each at least once.
///
/// # Obligations
/// - `an_event_reaches_the_queues_that_take_it`: and no other.
/// - `events_come_in_order`: a lone consumer gets them in the order in which they were published.
/// - `an_event_is_with_one_consumer`: several consumers share the work of a queue.
/// - `a_published_event_is_kept_until_done`: if a consumer is dropped before its verdict, the event goes
///   to the next one.
/// - `an_event_is_safe_at_last`: publishing confirms each event, at once or once all of its queues have
///   finished with it; until then the publisher has to keep it.
/// - `a_retried_event_comes_again`: with the next attempt number, after the delay of its queue.
/// - `a_dead_event_comes_no_more`: and is listed among the dead letters, as is one whose attempts are
///   used up.
/// - `a_revived_event_comes_again`: as if for the first time; by way of the outbox, if that is where dead
///   letters are kept.
/// - `a_discarded_event_is_forgotten`: among the dead letters of its queue, and of no other.
/// - `a_full_queue_refuses`: publishing is then a transient failure, and the queue took nothing.
#[async_trait]
pub trait Jobs: Send + Sync + 'static {
    /// Publishes events, and returns the events that have been confirmed since the last call: the
    /// publisher no longer has to keep these.
    ///
    /// If it fails, some events may have been published nevertheless. The next call returns those that were
    /// confirmed, also if it publishes nothing itself.
    async fn publish(&self, events: &[Event]) -> Result<Vec<EventId>, Failure>;

    /// Joins the consumers of a queue.
    async fn consume(&self, queue: Queue) -> Result<Deliveries, Failure>;

    /// Settles a delivery with the worker's verdict.
    async fn settle(&self, queue: Queue, tag: u64, verdict: Verdict) -> Result<(), Failure>;

    /// The dead letters of a queue.
    async fn dead(&self, queue: Queue, limit: usize) -> Result<Vec<Event>, Failure>;

    /// Requeues dead letters; returns how many of the given ones there were.
    async fn revive(&self, queue: Queue, events: &[EventId]) -> Result<usize, Failure>;

    /// Deletes dead letters; returns how many of the given ones there were.
    async fn discard(&self, queue: Queue, events: &[EventId]) -> Result<usize, Failure>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_the_longest() {
        let patience = Patience {
            first: Duration::from_secs(4),
            longest: Duration::from_secs(20),
            tries: 6,
        };
        let waits: Vec<_> = (1..=6).map(|tries| patience.wait(tries, 0)).collect();
        let seconds = |number| Some(Duration::from_secs(number));
        let expected = [4, 8, 16, 20, 20].map(seconds);
        assert_eq!(waits[..5], expected);
        assert_eq!(waits[5], None);
        let longest = patience.wait(1, 255).unwrap();
        assert!(longest > Duration::from_secs(4) && longest < Duration::from_secs(5));
    }

    #[test]
    fn no_number_of_tries_is_too_many() {
        let patience = Patience {
            first: Duration::MAX,
            longest: Duration::MAX,
            tries: u32::MAX,
        };
        assert!(patience.wait(u32::MAX - 1, 255).is_some());
    }
}
