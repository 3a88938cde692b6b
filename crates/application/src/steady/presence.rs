//! Who is connected, while the presence of all nodes is away.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use domain::port::presence::{Arrived, Departure, Lease, Subject};
use domain::port::{Clock, Presence};
use domain::{ConnectionId, Failure, Timestamp};

use super::outage::Outage;

/// For how long a presence that is back is not swept: until every node has renewed its leases, those
/// that lapsed meanwhile would be taken for people who left.
pub(super) const SETTLING: Duration = Duration::from_secs(30);

/// Decorates a [`Presence`] that all nodes share with one of this node.
///
/// - The node's own leases are always kept here as well, so that the node knows them when the shared
///   presence fails. Then people are online who are connected to this node.
/// - Whoever is connected here is online, even if the shared presence has forgotten it: it learns of it
///   again by the next renewal. The same holds for whoever listens to a room here.
/// - Connections of one person are counted over all nodes, and only those to this node while the shared
///   presence is away.
/// - After it came back it is not swept for half a minute; in that time only those depart of whom no
///   node knows anything more.
/// - It never fails: its own presence does not.
pub struct SteadyPresence {
    shared: Arc<dyn Presence>,
    own: Arc<dyn Presence>,
    outage: Outage,
}

impl SteadyPresence {
    /// Asks `shared`, and keeps the leases of this node in `own`.
    pub fn new(shared: Arc<dyn Presence>, own: Arc<dyn Presence>, clock: Arc<dyn Clock>) -> Self {
        Self {
            shared,
            own,
            outage: Outage::new("presence", clock),
        }
    }

    /// Those of these of whom nobody knows that they are here.
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
            // It has forgotten what this node still holds.
            Some(Departure::Went) if here == Departure::IsHere => here,
            Some(known @ (Departure::Went | Departure::IsHere)) => known,
            // It was away when the connection opened, or is now.
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
