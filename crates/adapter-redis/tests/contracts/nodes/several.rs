//! Nodes used in turn, so that each one finds what another has done.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use adapter_redis::RedisStore;
use async_trait::async_trait;
use domain::port::limiter::{Admission, Left, Limit, LimitKey};
use domain::port::presence::{Arrived, Departure, Lease, Subject};
use domain::port::{Limiter, Presence};
use domain::{ConnectionId, Failure, Timestamp};

pub struct Several {
    nodes: [Arc<RedisStore>; 3],
    calls: AtomicUsize,
}

impl Several {
    pub fn of(nodes: [Arc<RedisStore>; 3]) -> Self {
        Self {
            nodes,
            calls: AtomicUsize::new(0),
        }
    }

    fn next(&self) -> &RedisStore {
        let call = self.calls.fetch_add(1, Ordering::Relaxed);
        &self.nodes[call % self.nodes.len()]
    }
}

#[async_trait]
impl Presence for Several {
    async fn connect(
        &self,
        lease: &Lease,
        now: Timestamp,
        counted_after: Timestamp,
    ) -> Result<Arrived, Failure> {
        self.next().connect(lease, now, counted_after).await
    }

    async fn renew(&self, leases: &[Lease]) -> Result<(), Failure> {
        self.next().renew(leases).await
    }

    async fn release(
        &self,
        subject: Subject,
        connection: ConnectionId,
        until: Timestamp,
        now: Timestamp,
    ) -> Result<Departure, Failure> {
        Presence::release(self.next(), subject, connection, until, now).await
    }

    async fn sweep(&self, now: Timestamp) -> Result<Vec<Subject>, Failure> {
        self.next().sweep(now).await
    }

    async fn here(&self, subjects: &[Subject], now: Timestamp) -> Result<Vec<Subject>, Failure> {
        self.next().here(subjects, now).await
    }
}

#[async_trait]
impl Limiter for Several {
    async fn admit(
        &self,
        key: &LimitKey,
        limit: Limit,
        now: Timestamp,
    ) -> Result<Admission, Failure> {
        self.next().admit(key, limit, now).await
    }

    async fn look(&self, key: &LimitKey, limit: Limit, now: Timestamp) -> Result<Left, Failure> {
        self.next().look(key, limit, now).await
    }

    async fn give_back(&self, key: &LimitKey, limit: Limit, now: Timestamp) -> Result<(), Failure> {
        self.next().give_back(key, limit, now).await
    }
}
