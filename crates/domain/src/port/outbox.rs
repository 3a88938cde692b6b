//! Events that were stored with a change and wait to be told.

use async_trait::async_trait;

use crate::{Event, EventId, Failure, NodeId, Timestamp};

/// Someone who wants to work on a lane for a while.
#[derive(Clone, Copy, Debug)]
pub struct Claim {
    /// Which lane, below [`Event::LANES`].
    pub lane: u8,
    /// Who.
    pub holder: NodeId,
    /// Since when.
    pub now: Timestamp,
    /// Until when, unless claimed again by the same holder.
    pub until: Timestamp,
    /// How many events at most.
    pub limit: usize,
}

/// The reading side of the outbox. The writing side is every port method that takes events.
///
/// # Obligations
/// - `a_lane_keeps_its_order`: events come as they were stored.
/// - `a_lane_has_one_holder`: while one holds it, others claim nothing; of many at once one does.
/// - `a_lapsed_claim_is_free`: whoever died does not keep its lane.
/// - `an_unsettled_event_comes_again`.
/// - `a_settled_event_is_gone`.
/// - `a_parked_event_waits_aside`: it comes no more and is counted apart.
#[async_trait]
pub trait Outbox: Send + Sync + 'static {
    /// Takes a lane and its oldest events; nothing when somebody else holds it.
    async fn claim(&self, claim: &Claim) -> Result<Vec<Event>, Failure>;

    /// Forgets events that were told.
    async fn settle(&self, events: &[EventId]) -> Result<(), Failure>;

    /// Puts an event aside that cannot be told.
    async fn park(&self, event: EventId, reason: &str) -> Result<(), Failure>;

    /// How many events wait, and how many were put aside.
    async fn backlog(&self) -> Result<(i64, i64), Failure>;
}
