//! Counting presence queries.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use domain::port::Presence;
use domain::port::presence::{Arrived, Departure, Lease, Subject};
use domain::{ConnectionId, Failure, Timestamp};

/// Counts presence queries.
pub(crate) struct CountedPresence {
    inner: Arc<dyn Presence>,
    asked: AtomicUsize,
}

impl CountedPresence {
    /// Counts the queries to `inner`.
    pub(crate) fn over(inner: &Arc<dyn Presence>) -> Arc<Self> {
        Arc::new(Self {
            inner: Arc::clone(inner),
            asked: AtomicUsize::new(0),
        })
    }

    /// How many queries there were since the last call.
    pub(crate) fn asked(&self) -> usize {
        self.asked.swap(0, Ordering::SeqCst)
    }
}

#[async_trait]
impl Presence for CountedPresence {
    async fn connect(
        &self,
        lease: &Lease,
        now: Timestamp,
        counted_after: Timestamp,
    ) -> Result<Arrived, Failure> {
        self.inner.connect(lease, now, counted_after).await
    }

    async fn renew(&self, leases: &[Lease]) -> Result<(), Failure> {
        self.inner.renew(leases).await
    }

    async fn release(
        &self,
        subject: Subject,
        connection: ConnectionId,
        until: Timestamp,
        now: Timestamp,
    ) -> Result<Departure, Failure> {
        self.inner.release(subject, connection, until, now).await
    }

    async fn sweep(&self, now: Timestamp) -> Result<Vec<Subject>, Failure> {
        self.inner.sweep(now).await
    }

    async fn here(&self, subjects: &[Subject], now: Timestamp) -> Result<Vec<Subject>, Failure> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        self.inner.here(subjects, now).await
    }
}
