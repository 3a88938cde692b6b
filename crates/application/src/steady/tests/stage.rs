//! Shared backends that go down on command.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use adapter_memory::{ManualClock, MemoryLimiter, MemoryPresence};
use async_trait::async_trait;
use domain::port::limiter::{Admission, Left, Limit, LimitKey};
use domain::port::presence::{Arrived, Departure, Lease, Subject};
use domain::port::{Clock as _, Limiter, Presence};
use domain::{ConnectionId, Failure, Timestamp};

/// A shared backend that counts how often it is asked, and may be down.
#[derive(Default)]
pub(super) struct Shared {
    pub(super) limiter: MemoryLimiter,
    pub(super) presence: MemoryPresence,
    away: AtomicBool,
    asked: AtomicUsize,
}

impl Shared {
    pub(super) fn set_away(&self, away: bool) {
        self.away.store(away, Ordering::SeqCst);
    }

    /// How often it was asked since the last look.
    pub(super) fn asked(&self) -> usize {
        self.asked.swap(0, Ordering::SeqCst)
    }

    fn here(&self) -> Result<(), Failure> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        if self.away.load(Ordering::SeqCst) {
            Err(Failure::passing("shared", "answer", "connection refused"))
        } else {
            Ok(())
        }
    }
}

/// A clock that is set by hand.
pub(super) fn clock() -> Arc<ManualClock> {
    Arc::new(ManualClock::at(Timestamp::from_millis(1_700_000_000_000)))
}

/// Moves a clock forward.
pub(super) fn later(clock: &ManualClock, span: Duration) -> Timestamp {
    clock.now() + span
}

#[async_trait]
impl Limiter for Shared {
    async fn admit(
        &self,
        key: &LimitKey,
        limit: Limit,
        now: Timestamp,
    ) -> Result<Admission, Failure> {
        self.here()?;
        self.limiter.admit(key, limit, now).await
    }

    async fn look(&self, key: &LimitKey, limit: Limit, now: Timestamp) -> Result<Left, Failure> {
        self.here()?;
        self.limiter.look(key, limit, now).await
    }

    async fn give_back(&self, key: &LimitKey, limit: Limit, now: Timestamp) -> Result<(), Failure> {
        self.here()?;
        self.limiter.give_back(key, limit, now).await
    }
}

#[async_trait]
impl Presence for Shared {
    async fn connect(
        &self,
        lease: &Lease,
        now: Timestamp,
        counted_after: Timestamp,
    ) -> Result<Arrived, Failure> {
        self.here()?;
        self.presence.connect(lease, now, counted_after).await
    }

    async fn renew(&self, leases: &[Lease]) -> Result<(), Failure> {
        self.here()?;
        self.presence.renew(leases).await
    }

    async fn release(
        &self,
        subject: Subject,
        connection: ConnectionId,
        until: Timestamp,
        now: Timestamp,
    ) -> Result<Departure, Failure> {
        self.here()?;
        self.presence.release(subject, connection, until, now).await
    }

    async fn sweep(&self, now: Timestamp) -> Result<Vec<Subject>, Failure> {
        self.here()?;
        self.presence.sweep(now).await
    }

    async fn here(&self, subjects: &[Subject], now: Timestamp) -> Result<Vec<Subject>, Failure> {
        self.here()?;
        self.presence.here(subjects, now).await
    }
}
