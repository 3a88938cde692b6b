//! Work that follows from events, on whichever node has time for it.

use std::pin::Pin;

use async_trait::async_trait;
use futures_core::Stream;

use crate::{Event, Failure};

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
/// - `a_retried_event_comes_again`: with the next attempt, after the delay of its queue.
/// - `a_dead_event_comes_no_more`: and is listed among the dead letters, as is one whose tries are
///   used up.
/// - `a_full_queue_refuses`: publishing is then a passing failure, and nothing was taken.
#[async_trait]
pub trait Jobs: Send + Sync + 'static {
    /// Publishes events and returns once they are safe.
    async fn publish(&self, events: &[Event]) -> Result<(), Failure>;

    /// Takes part in consuming a queue.
    async fn consume(&self, queue: Queue) -> Result<Deliveries, Failure>;

    /// Says what became of a delivery.
    async fn settle(&self, queue: Queue, tag: u64, verdict: Verdict) -> Result<(), Failure>;

    /// The events that could not be worked on.
    async fn dead(&self, queue: Queue, limit: usize) -> Result<Vec<Event>, Failure>;
}
