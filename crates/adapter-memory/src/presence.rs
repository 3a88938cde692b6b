//! Connected users and devices.

use std::collections::HashMap;
use std::sync::Mutex;

use async_trait::async_trait;
use domain::port::Presence;
use domain::port::presence::{Arrival, Arrived, Departure, Lease, Subject};
use domain::{ConnectionId, Failure, Timestamp};

use crate::lock::lock;

/// Keeps leases in this process: until when each connection of each subject counts.
///
/// There are as many leases as there are connections and rooms they listen to, so the limits on those
/// bound this as well.
#[derive(Default)]
pub struct MemoryPresence {
    subjects: Mutex<HashMap<Subject, Leases>>,
}

type Leases = HashMap<ConnectionId, Timestamp>;

#[async_trait]
impl Presence for MemoryPresence {
    async fn connect(
        &self,
        lease: &Lease,
        now: Timestamp,
        counted_after: Timestamp,
    ) -> Result<Arrived, Failure> {
        let mut subjects = lock(&self.subjects);
        let leases = subjects.entry(lease.subject).or_default();
        leases.retain(|_, until| *until > now);
        let arrival = if leases.is_empty() {
            Arrival::Came
        } else {
            Arrival::WasHere
        };
        leases.insert(lease.connection, lease.until);
        let open = leases.values().filter(|until| **until > counted_after);
        Ok(Arrived {
            arrival,
            open: open.count(),
        })
    }

    async fn renew(&self, leases: &[Lease]) -> Result<(), Failure> {
        let mut subjects = lock(&self.subjects);
        for lease in leases {
            let known = subjects.entry(lease.subject).or_default();
            known.insert(lease.connection, lease.until);
        }
        Ok(())
    }

    async fn release(
        &self,
        subject: Subject,
        connection: ConnectionId,
        until: Timestamp,
        now: Timestamp,
    ) -> Result<Departure, Failure> {
        let mut subjects = lock(&self.subjects);
        let Some(leases) = subjects.get_mut(&subject) else {
            return Ok(Departure::Unknown);
        };
        let Some(lease) = leases.get_mut(&connection) else {
            return Ok(Departure::Unknown);
        };
        *lease = until;
        if leases.values().any(|until| *until > now) {
            return Ok(Departure::IsHere);
        }
        subjects.remove(&subject);
        Ok(Departure::Went)
    }

    async fn sweep(&self, now: Timestamp) -> Result<Vec<Subject>, Failure> {
        let mut away = Vec::new();
        lock(&self.subjects).retain(|subject, leases| {
            leases.retain(|_, until| *until > now);
            if leases.is_empty() {
                away.push(*subject);
            }
            !leases.is_empty()
        });
        Ok(away)
    }

    async fn here(&self, subjects: &[Subject], now: Timestamp) -> Result<Vec<Subject>, Failure> {
        let known = lock(&self.subjects);
        let here = |subject: &&Subject| {
            let leases = known.get(*subject);
            leases.is_some_and(|leases| leases.values().any(|until| *until > now))
        };
        Ok(subjects.iter().filter(here).copied().collect())
    }
}
