//! Events that were stored with a change and are still to be published.

use async_trait::async_trait;

use super::jobs::Queue;
use crate::leasing::Lease;
use crate::{Event, EventId, Failure, NodeId, Timestamp};

/// A request for a lease on lanes.
#[derive(Clone, Debug)]
pub struct Claim {
    /// Which lanes, each below [`Event::LANES`].
    pub lanes: Vec<u8>,
    /// Who claims them.
    pub holder: NodeId,
    /// When the lease begins.
    pub now: Timestamp,
    /// When it expires, unless the same holder claims again.
    pub until: Timestamp,
    /// The most events to return per lane.
    pub limit: usize,
}

impl Claim {
    /// The lease that is wanted.
    pub const fn lease(&self) -> Lease {
        Lease {
            holder: self.holder,
            until: self.until,
        }
    }
}

/// The reading side of the outbox. The writing side is every port method that takes events.
///
/// It also keeps the dead letters of queues that cannot keep any themselves: such events are parked.
///
/// # Obligations
/// - `a_lane_keeps_its_order`: events come in the order in which they were stored.
/// - `a_lane_has_one_holder`: while one holds it, others claim nothing; of concurrent claims one succeeds.
/// - `lanes_are_claimed_together`: except those that another node holds.
/// - `a_lapsed_claim_is_free`: a node that died does not keep its lanes.
/// - `an_unsettled_event_comes_again`.
/// - `a_settled_event_is_gone`.
/// - `lanes_that_hold_events_are_told`: and no empty ones.
/// - `a_parked_event_waits_aside`: once per queue, and counted separately; the same event waiting in its
///   lane is not affected.
/// - `a_released_event_comes_again`: at the end of its lane, and is no longer parked.
/// - `a_discarded_event_is_gone`: from the parked ones of its queue only.
#[async_trait]
pub trait Outbox: Send + Sync + 'static {
    /// The lanes that hold events. Changes nothing, and costs the same however many events there are.
    async fn waiting(&self) -> Result<Vec<u8>, Failure>;

    /// Claims lanes and returns their oldest events, lane by lane; lanes that another node holds are left
    /// out. When the holder claims a lane again with more than half of its lease left, the store may leave
    /// the lease as it is, so that such a claim writes nothing.
    async fn claim(&self, claim: &Claim) -> Result<Vec<Event>, Failure>;

    /// Deletes events that were published.
    async fn settle(&self, events: &[EventId]) -> Result<(), Failure>;

    /// Parks an event that a queue could not process.
    async fn park(&self, queue: Queue, event: &Event, reason: &str) -> Result<(), Failure>;

    /// The events parked for a queue, oldest first.
    async fn parked(&self, queue: Queue, limit: usize) -> Result<Vec<Event>, Failure>;

    /// Returns events parked for a queue to their lanes; returns how many there were.
    async fn release(&self, queue: Queue, events: &[EventId]) -> Result<usize, Failure>;

    /// Deletes events parked for a queue; returns how many there were.
    async fn discard(&self, queue: Queue, events: &[EventId]) -> Result<usize, Failure>;

    /// How many events are waiting, and how many are parked.
    async fn backlog(&self) -> Result<(i64, i64), Failure>;
}
