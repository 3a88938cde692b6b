//! What the connections of this node hold up.

use std::sync::Arc;
use std::time::Duration;

use domain::port::presence::{Arrived, Departure, Lease, Subject};
use domain::port::{Clock, IdsExt as _, Presence};
use domain::{ConnectionId, Failure, NodeId, Timestamp};

use crate::Ports;

/// For how long a connection counts without its node saying anything: two of its words may be lost, and
/// whoever was on a dead node is still offline within a minute.
const LEASE: Duration = Duration::from_secs(45);

/// The leases of this node.
#[derive(Clone)]
pub(super) struct Leases {
    presence: Arc<dyn Presence>,
    clock: Arc<dyn Clock>,
    node: NodeId,
}

impl Leases {
    pub(super) fn new(ports: &Ports) -> Self {
        Self {
            presence: Arc::clone(&ports.presence),
            clock: Arc::clone(&ports.clock),
            node: ports.ids.next(),
        }
    }

    /// A connection holds a subject up from now on.
    pub(super) async fn take(
        &self,
        subject: Subject,
        connection: ConnectionId,
        now: Timestamp,
        counted_after: Timestamp,
    ) -> Result<Arrived, Failure> {
        let lease = self.lease(subject, connection, now);
        self.presence.connect(&lease, now, counted_after).await
    }

    /// These connections still hold up what they do.
    pub(super) async fn renew(&self, held: impl Iterator<Item = (Subject, ConnectionId)>) {
        let now = self.clock.now();
        let leases: Vec<Lease> = held
            .map(|(subject, connection)| self.lease(subject, connection, now))
            .collect();
        if let Err(failure) = self.presence.renew(&leases).await {
            tracing::warn!(error = %failure.chain(), "connections were not renewed");
        }
    }

    /// A connection holds a subject up until then. Tells whether that made a difference, where that is
    /// known.
    pub(super) async fn release(
        &self,
        subject: Subject,
        connection: ConnectionId,
        until: Timestamp,
    ) -> Option<Departure> {
        let now = self.clock.now();
        let released = self.presence.release(subject, connection, until, now).await;
        released
            .inspect_err(|failure| {
                tracing::warn!(error = %failure.chain(), "a connection counts until its lease ends");
            })
            .ok()
    }

    fn lease(&self, subject: Subject, connection: ConnectionId, now: Timestamp) -> Lease {
        Lease {
            subject,
            connection,
            node: self.node,
            until: now + LEASE,
        }
    }
}
