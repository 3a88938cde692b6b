//! Caching while the shared cache is down.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use domain::port::cache::CacheKey;
use domain::port::{Cache, Clock};
use domain::{Failure, RoomId, Seq};

use super::outage::Outage;

/// Maximum number of positions for which an invalidation is still pending.
const MOST_OWED: usize = 16_384;

/// Decorates a shared [`Cache`], and does without it while it is down.
///
/// - While it answers, it alone holds entries.
/// - When it fails, nothing is found or cached, and every claim is granted, so that each node does its
///   own work.
/// - Invalidations that fail meanwhile are made up for when it is back, before anything else.
/// - It never fails, unless too many invalidations are pending.
pub struct SteadyCache {
    shared: Arc<dyn Cache>,
    outage: Outage,
    owed: Mutex<BTreeSet<(RoomId, Seq)>>,
}

impl SteadyCache {
    /// Asks `shared`.
    pub fn new(shared: Arc<dyn Cache>, clock: Arc<dyn Clock>) -> Self {
        Self {
            shared,
            outage: Outage::new("cache", clock),
            owed: Mutex::default(),
        }
    }

    async fn ask<T>(&self, question: impl Future<Output = Result<T, Failure>> + Send) -> Option<T> {
        self.pay().await;
        self.outage.ask(question).await
    }

    /// Sends the pending invalidations.
    async fn pay(&self) {
        loop {
            let Some((room, place)) = self.owed().first().copied() else {
                return;
            };
            let paid = self.outage.ask(self.shared.forget_place(room, place)).await;
            if paid.is_none() {
                return;
            }
            self.owed().remove(&(room, place));
        }
    }

    fn owed(&self) -> MutexGuard<'_, BTreeSet<(RoomId, Seq)>> {
        // A panic while the lock is held leaves nothing half-updated.
        self.owed.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Cache for SteadyCache {
    async fn get(&self, key: &CacheKey) -> Result<Option<Bytes>, Failure> {
        Ok(self.ask(self.shared.get(key)).await.flatten())
    }

    async fn put(&self, key: &CacheKey, value: Bytes, ttl: Duration) -> Result<(), Failure> {
        self.ask(self.shared.put(key, value, ttl)).await;
        Ok(())
    }

    async fn remove(&self, key: &CacheKey) -> Result<(), Failure> {
        self.ask(self.shared.remove(key)).await;
        Ok(())
    }

    async fn forget_place(&self, room: RoomId, place: Seq) -> Result<(), Failure> {
        let forgotten = self.ask(self.shared.forget_place(room, place)).await;
        if forgotten.is_some() {
            return Ok(());
        }
        let mut owed = self.owed();
        if owed.len() < MOST_OWED {
            owed.insert((room, place));
            return Ok(());
        }
        let full = "too many invalidations are pending already";
        Err(Failure::overloaded("cache", "forget", full))
    }

    async fn claim(&self, key: &CacheKey, ttl: Duration) -> Result<bool, Failure> {
        Ok(self.ask(self.shared.claim(key, ttl)).await.unwrap_or(true))
    }

    async fn hold_on(&self, key: &CacheKey, ttl: Duration) -> Result<bool, Failure> {
        Ok(self
            .ask(self.shared.hold_on(key, ttl))
            .await
            .unwrap_or(true))
    }

    async fn release(&self, key: &CacheKey) -> Result<(), Failure> {
        self.ask(self.shared.release(key)).await;
        Ok(())
    }
}
