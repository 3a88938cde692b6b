//! The presence leases that this node's connections hold.

use std::sync::Arc;
use std::time::Duration;

use domain::port::presence::{Arrived, Departure, Lease, Subject};
use domain::port::{Clock, IdsExt as _, Presence};
use domain::{ConnectionId, Failure, NodeId, Timestamp};

use crate::Ports;

/// How long a lease lasts without being renewed: two renewals may be lost, and users connected to a
/// node that died still go offline within a minute.
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

    /// Takes a lease on a subject for a connection.
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

    /// Renews the leases of these connections.
    pub(super) async fn renew(&self, held: impl Iterator<Item = (Subject, ConnectionId)>) {
        let now = self.clock.now();
        let leases: Vec<Lease> = held
            .map(|(subject, connection)| self.lease(subject, connection, now))
            .collect();
        if let Err(failure) = self.presence.renew(&leases).await {
            tracing::warn!(
                error = %failure.chain(),
                "could not renew presence leases; retrying at the next renewal"
            );
        }
    }

    /// Lets a connection's lease end at `until`. Returns the effect on the subject, where it is known.
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
                tracing::warn!(
                    error = %failure.chain(),
                    "could not release a presence lease; it counts until it expires"
                );
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
