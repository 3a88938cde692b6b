//! Who is connected.

use std::collections::HashMap;
use std::sync::Mutex;

use async_trait::async_trait;
use domain::port::Presence;
use domain::port::presence::{Arrival, Arrived, Lease};
use domain::{ConnectionId, Failure, Timestamp, UserId};

use crate::lock::lock;

/// Keeps leases in this process: until when each connection of each person counts.
///
/// It holds as many leases as there are connections, so what bounds these bounds it.
#[derive(Default)]
pub struct MemoryPresence {
    people: Mutex<HashMap<UserId, Leases>>,
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
        let mut people = lock(&self.people);
        let leases = people.entry(lease.user).or_default();
        leases.retain(|_, until| *until > now);
        let arrival = if leases.is_empty() {
            Arrival::CameOnline
        } else {
            Arrival::WasOnline
        };
        leases.insert(lease.connection, lease.until);
        let open = leases.values().filter(|until| **until > counted_after);
        Ok(Arrived {
            arrival,
            open: open.count(),
        })
    }

    async fn renew(&self, leases: &[Lease]) -> Result<(), Failure> {
        let mut people = lock(&self.people);
        for lease in leases {
            let known = people.entry(lease.user).or_default();
            known.insert(lease.connection, lease.until);
        }
        Ok(())
    }

    async fn release(
        &self,
        user: UserId,
        connection: ConnectionId,
        until: Timestamp,
    ) -> Result<(), Failure> {
        let mut people = lock(&self.people);
        let leases = people.get_mut(&user);
        if let Some(lease) = leases.and_then(|leases| leases.get_mut(&connection)) {
            *lease = until;
        }
        Ok(())
    }

    async fn sweep(&self, now: Timestamp) -> Result<Vec<UserId>, Failure> {
        let mut away = Vec::new();
        lock(&self.people).retain(|user, leases| {
            leases.retain(|_, until| *until > now);
            if leases.is_empty() {
                away.push(*user);
            }
            !leases.is_empty()
        });
        Ok(away)
    }

    async fn online(&self, users: &[UserId], now: Timestamp) -> Result<Vec<UserId>, Failure> {
        let people = lock(&self.people);
        let here = |user: &&UserId| {
            let leases = people.get(*user);
            leases.is_some_and(|leases| leases.values().any(|until| *until > now))
        };
        Ok(users.iter().filter(here).copied().collect())
    }
}
