//! Work that follows from events, on whichever node has time for it.

use std::pin::Pin;
use std::time::Duration;

use async_trait::async_trait;
use futures_core::Stream;

use crate::{Event, EventId, Failure};

/// The queues that events flow into by their topic.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Queue {
    /// Telling outside systems: all of `message.*`, `member.*` and `room.*`.
    Messages,
    /// Telling people who are away: `message.created`.
    Notifications,
    /// Looking at uploads: `media.*`.
    Media,
}

impl Queue {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Messages, Self::Notifications, Self::Media];

    /// What it is called, to people and to servers.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Messages => "messages.queue",
            Self::Notifications => "notifications.queue",
            Self::Media => "media.queue",
        }
    }

    /// Whether events of a topic flow into this queue.
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

/// How patiently something is tried again: each wait is twice the one before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// The wait after the first try.
    pub first: Duration,
    /// No wait is longer, but for the jitter.
    pub longest: Duration,
    /// How often it is tried at most.
    pub tries: u32,
}

impl Patience {
    /// How long to wait after so many tries; nothing, when they are used up. The dice adds up to a
    /// quarter, so that what failed together does not come back together.
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
    /// Which try this is, from 1.
    pub attempt: u32,
    /// Names this delivery to the queue.
    pub tag: u64,
}

/// What a worker says of a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Its consequences are drawn.
    Done,
    /// Not now: deliver it again after a while.
    Retry,
    /// Never: put it among the dead letters.
    Dead,
}

/// Deliveries as they come.
pub type Deliveries = Pin<Box<dyn Stream<Item = Result<Delivery, Failure>> + Send>>;

/// Carries events to workers, at least once each.
///
/// # Obligations
/// - `an_event_reaches_the_queues_that_take_it`: and no other.
/// - `events_come_in_order`: to a lone consumer, as they were published.
/// - `an_event_is_with_one_consumer`: several share the work of a queue.
/// - `a_published_event_is_kept_until_done`: a consumer that is dropped before its verdict leaves the
///   event for the next.
/// - `an_event_is_safe_at_last`: publishing says so of each event, at once or once all of its queues
///   have done with it; until then whoever published it has to keep it.
/// - `a_retried_event_comes_again`: with the next attempt, after the delay of its queue.
/// - `a_dead_event_comes_no_more`: and is listed among the dead letters, as is one whose tries are
///   used up.
/// - `a_revived_event_comes_again`: as if for the first time, by way of its outbox where the dead
///   letters are kept there.
/// - `a_discarded_event_is_forgotten`: among the dead letters of its queue, and of no other.
/// - `a_full_queue_refuses`: publishing is then a passing failure, and the queue took nothing.
#[async_trait]
pub trait Jobs: Send + Sync + 'static {
    /// Publishes events, and answers which events are safe since it was last asked: whoever kept them
    /// need not any longer.
    async fn publish(&self, events: &[Event]) -> Result<Vec<EventId>, Failure>;

    /// Takes part in consuming a queue.
    async fn consume(&self, queue: Queue) -> Result<Deliveries, Failure>;

    /// Says what became of a delivery.
    async fn settle(&self, queue: Queue, tag: u64, verdict: Verdict) -> Result<(), Failure>;

    /// The events that could not be worked on.
    async fn dead(&self, queue: Queue, limit: usize) -> Result<Vec<Event>, Failure>;

    /// Has dead letters worked on once more, and says how many of these there were.
    async fn revive(&self, queue: Queue, events: &[EventId]) -> Result<usize, Failure>;

    /// Forgets dead letters, and says how many of these there were.
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
