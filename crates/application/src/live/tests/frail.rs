//! A presence that may be away or slow.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;
use domain::port::Presence;
use domain::port::presence::{Arrived, Departure, Lease, Subject};
use domain::{ConnectionId, Failure, Timestamp};
use tokio::sync::Semaphore;

/// A presence that answers nothing while it is away, and whose renewals wait until they are let through.
pub(super) struct Frail {
    inner: Arc<dyn Presence>,
    away: AtomicBool,
    pub(super) waiting: Semaphore,
    pub(super) through: Semaphore,
}

impl Frail {
    pub(super) fn over(inner: &Arc<dyn Presence>) -> Arc<Self> {
        Arc::new(Self {
            inner: Arc::clone(inner),
            away: AtomicBool::new(false),
            waiting: Semaphore::new(0),
            through: Semaphore::new(0),
        })
    }

    pub(super) fn set_away(&self, away: bool) {
        self.away.store(away, Ordering::SeqCst);
    }

    fn is_there(&self) -> Result<(), Failure> {
        if self.away.load(Ordering::SeqCst) {
            Err(Failure::passing("presence", "answer", "it is away"))
        } else {
            Ok(())
        }
    }
}

#[async_trait]
impl Presence for Frail {
    async fn connect(
        &self,
        lease: &Lease,
        now: Timestamp,
        counted_after: Timestamp,
    ) -> Result<Arrived, Failure> {
        self.is_there()?;
        self.inner.connect(lease, now, counted_after).await
    }

    async fn renew(&self, leases: &[Lease]) -> Result<(), Failure> {
        self.is_there()?;
        self.waiting.add_permits(1);
        self.through.acquire().await.unwrap().forget();
        self.inner.renew(leases).await
    }

    async fn release(
        &self,
        subject: Subject,
        connection: ConnectionId,
        until: Timestamp,
        now: Timestamp,
    ) -> Result<Departure, Failure> {
        self.is_there()?;
        self.inner.release(subject, connection, until, now).await
    }

    async fn sweep(&self, now: Timestamp) -> Result<Vec<Subject>, Failure> {
        self.is_there()?;
        self.inner.sweep(now).await
    }

    async fn here(&self, subjects: &[Subject], now: Timestamp) -> Result<Vec<Subject>, Failure> {
        self.is_there()?;
        self.inner.here(subjects, now).await
    }
}
