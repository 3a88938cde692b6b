//! Events that were stored with a change and wait to be told.

use async_trait::async_trait;

use super::jobs::Queue;
use crate::{Event, EventId, Failure, NodeId, Timestamp};

/// Someone who wants to work on lanes for a while.
#[derive(Clone, Debug)]
pub struct Claim {
    /// Which lanes, each below [`Event::LANES`].
    pub lanes: Vec<u8>,
    /// Who.
    pub holder: NodeId,
    /// Since when.
    pub now: Timestamp,
    /// Until when, unless claimed again by the same holder.
    pub until: Timestamp,
    /// How many events of each lane at most.
    pub limit: usize,
}

/// The reading side of the outbox. The writing side is every port method that takes events.
///
/// Beside it lies what a queue could not work on, where the queue itself keeps nothing.
///
/// # Obligations
/// - `a_lane_keeps_its_order`: events come as they were stored.
/// - `a_lane_has_one_holder`: while one holds it, others claim nothing; of many at once one does.
/// - `lanes_are_claimed_together`: those that somebody else holds are left out.
/// - `a_lapsed_claim_is_free`: whoever died does not keep its lane.
/// - `an_unsettled_event_comes_again`.
/// - `a_settled_event_is_gone`.
/// - `lanes_that_hold_events_are_told`: and none that is empty.
/// - `a_parked_event_waits_aside`: for its queue, once, and is counted apart; what else waits of it is
///   not touched.
/// - `a_released_event_comes_again`: at the end of its lane, and is aside no more.
/// - `a_discarded_event_is_gone`: from aside, for its queue only.
#[async_trait]
pub trait Outbox: Send + Sync + 'static {
    /// Which lanes hold events. Changes nothing, and costs the same however many there are.
    async fn waiting(&self) -> Result<Vec<u8>, Failure>;

    /// Takes lanes and their oldest events, lane by lane; nothing of a lane that somebody else holds.
    /// Claimed again by its holder, a lane may be held on until the first claim's end, while more than
    /// half of its time is left: such a claim writes nothing.
    async fn claim(&self, claim: &Claim) -> Result<Vec<Event>, Failure>;

    /// Forgets events that were told.
    async fn settle(&self, events: &[EventId]) -> Result<(), Failure>;

    /// Puts an event aside that a queue could not work on.
    async fn park(&self, queue: Queue, event: &Event, reason: &str) -> Result<(), Failure>;

    /// What is aside for a queue, the oldest first.
    async fn parked(&self, queue: Queue, limit: usize) -> Result<Vec<Event>, Failure>;

    /// Puts events that are aside for a queue into their lanes again, and says how many there were.
    async fn release(&self, queue: Queue, events: &[EventId]) -> Result<usize, Failure>;

    /// Forgets events that are aside for a queue, and says how many there were.
    async fn discard(&self, queue: Queue, events: &[EventId]) -> Result<usize, Failure>;

    /// How many events wait, and how many were put aside.
    async fn backlog(&self) -> Result<(i64, i64), Failure>;
}
