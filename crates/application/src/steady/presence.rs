//! Presence while the shared presence store is down.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use domain::port::presence::{Arrived, Departure, Lease, Subject};
use domain::port::{Clock, Presence};
use domain::{ConnectionId, Failure, Timestamp};

use super::outage::Outage;

/// How long the shared store is not swept after it is back: until every node has renewed its leases,
/// those that expired during the outage would be taken for departures.
pub(super) const SETTLING: Duration = Duration::from_secs(30);

/// Decorates a shared [`Presence`] with a local one of this node.
///
/// - This node's leases are always kept locally as well, so that they are known when the shared store
///   fails. Then the users online are those connected to this node.
/// - A user connected here is online, even if the shared store has lost the lease; the next renewal
///   restores it. The same holds for users who listen to a room here.
/// - A user's connections are counted across all nodes, or on this node only while the shared store is
///   down.
/// - For half a minute after it is back, the shared store is not swept; in that time, a subject departs only
///   when no node holds a lease for it.
/// - It never fails, because its local store does not.
pub struct SteadyPresence {
    shared: Arc<dyn Presence>,
    own: Arc<dyn Presence>,
    outage: Outage,
}

impl SteadyPresence {
    /// Asks `shared`, and keeps this node's leases in `own`.
    pub fn new(shared: Arc<dyn Presence>, own: Arc<dyn Presence>, clock: Arc<dyn Clock>) -> Self {
        Self {
            shared,
            own,
            outage: Outage::new("presence", clock),
        }
    }

    /// Those of these subjects that are not held anywhere.
    async fn gone(&self, subjects: Vec<Subject>, now: Timestamp) -> Result<Vec<Subject>, Failure> {
        if subjects.is_empty() {
            return Ok(subjects);
        }
        let here = self.here(&subjects, now).await?;
        Ok(without(subjects, here))
    }
}

#[async_trait]
impl Presence for SteadyPresence {
    async fn connect(
        &self,
        lease: &Lease,
        now: Timestamp,
        counted_after: Timestamp,
    ) -> Result<Arrived, Failure> {
        let here = self.own.connect(lease, now, counted_after).await?;
        let shared = self
            .outage
            .ask(self.shared.connect(lease, now, counted_after))
            .await;
        Ok(shared.unwrap_or(here))
    }

    async fn renew(&self, leases: &[Lease]) -> Result<(), Failure> {
        self.own.renew(leases).await?;
        self.outage.ask(self.shared.renew(leases)).await;
        Ok(())
    }

    async fn release(
        &self,
        subject: Subject,
        connection: ConnectionId,
        until: Timestamp,
        now: Timestamp,
    ) -> Result<Departure, Failure> {
        let here = self.own.release(subject, connection, until, now).await?;
        let shared = self.shared.release(subject, connection, until, now);
        Ok(match self.outage.ask(shared).await {
            // The shared store has lost what this node still holds.
            Some(Departure::Went) if here == Departure::IsHere => here,
            Some(known @ (Departure::Went | Departure::IsHere)) => known,
            // It was down when the connection opened, or is now.
            Some(Departure::Unknown) | None => here,
        })
    }

    async fn sweep(&self, now: Timestamp) -> Result<Vec<Subject>, Failure> {
        let departed_here = self.own.sweep(now).await?;
        if self.outage.is_settling(SETTLING) {
            return self.gone(departed_here, now).await;
        }
        match self.outage.ask(self.shared.sweep(now)).await {
            Some(departed) => {
                let here = self.own.here(&departed, now).await?;
                Ok(without(departed, here))
            }
            None => Ok(departed_here),
        }
    }

    async fn here(&self, subjects: &[Subject], now: Timestamp) -> Result<Vec<Subject>, Failure> {
        let here = self.own.here(subjects, now).await?;
        match self.outage.ask(self.shared.here(subjects, now)).await {
            Some(anywhere) => {
                let known: HashSet<Subject> = here.into_iter().chain(anywhere).collect();
                let found = subjects.iter().filter(|subject| known.contains(subject));
                Ok(found.copied().collect())
            }
            None => Ok(here),
        }
    }
}

fn without(mut subjects: Vec<Subject>, these: Vec<Subject>) -> Vec<Subject> {
    if !these.is_empty() {
        let these: HashSet<Subject> = these.into_iter().collect();
        subjects.retain(|subject| !these.contains(subject));
    }
    subjects
}
