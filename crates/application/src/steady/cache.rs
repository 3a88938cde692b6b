//! Caching while the shared cache is down.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use domain::port::cache::CacheKey;
use domain::port::{Cache, Clock};
use domain::{Failure, RoomId, Seq};
use tokio::sync::Semaphore;

use super::outage::Outage;
use crate::lock::lock;

/// Maximum number of positions for which an invalidation is still pending.
const MOST_OWED: usize = 16_384;
/// How many pending invalidations a call sends at most before it goes on without the cache.
const PAID_AT_ONCE: usize = 256;

/// Decorates a shared [`Cache`], and does without it while it is down.
///
/// - Who was notified is kept in a local cache of this node as well, so that while the shared one fails,
///   no node notifies anybody twice. All other entries are in the shared one alone.
/// - When it fails, nothing else is found or cached, and every other claim is granted, so that each node
///   does its own work.
/// - Invalidations that fail meanwhile are made up for when it is back, by one call at a time. Until the
///   last of them, the cache is treated as if it were still down.
/// - It never fails, unless too many invalidations are pending.
pub struct SteadyCache {
    shared: Arc<dyn Cache>,
    own: Arc<dyn Cache>,
    outage: Outage,
    /// Pending invalidations, and how often each was added.
    owed: Mutex<BTreeMap<Debt, u64>>,
    /// Held by the call that sends pending invalidations.
    payer: Semaphore,
}

/// An invalidation that is still pending.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Debt {
    room: RoomId,
    place: Seq,
}

impl SteadyCache {
    /// Asks `shared`, and keeps in `own` what must survive its outages.
    pub fn new(shared: Arc<dyn Cache>, own: Arc<dyn Cache>, clock: Arc<dyn Clock>) -> Self {
        Self {
            shared,
            own,
            outage: Outage::new("cache", clock),
            owed: Mutex::default(),
            payer: Semaphore::new(1),
        }
    }

    /// The local cache, if it keeps entries of this kind as well. What is computed from messages may
    /// have to be forgotten on all nodes at once, so that is in the shared one only.
    fn own(&self, key: &CacheKey) -> Option<&dyn Cache> {
        match key {
            CacheKey::Notified { .. } => Some(&*self.own),
            CacheKey::Summary { .. } => None,
        }
    }

    async fn ask<T>(&self, question: impl Future<Output = Result<T, Failure>> + Send) -> Option<T> {
        if self.settle_up().await {
            self.outage.ask(question).await
        } else {
            self.outage.without()
        }
    }

    /// Sends pending invalidations, unless another call does. Returns whether none are left.
    async fn settle_up(&self) -> bool {
        if lock(&self.owed).is_empty() {
            return true;
        }
        let Ok(_turn) = self.payer.try_acquire() else {
            return false;
        };
        for _ in 0..PAID_AT_ONCE {
            let first = lock(&self.owed)
                .iter()
                .next()
                .map(|(debt, times)| (*debt, *times));
            let Some((debt, times)) = first else {
                return true;
            };
            if !self.pay(debt, times).await {
                return false;
            }
        }
        lock(&self.owed).is_empty()
    }

    /// Sends an invalidation that was added this often. Returns whether that succeeded.
    async fn pay(&self, debt: Debt, times: u64) -> bool {
        let forget = self.shared.forget_place(debt.room, debt.place);
        if self.outage.ask(forget).await.is_none() {
            return false;
        }
        let mut owed = lock(&self.owed);
        // If it was added again meanwhile, the place has changed once more.
        if owed.get(&debt) == Some(&times) {
            owed.remove(&debt);
        }
        true
    }
}

#[async_trait]
impl Cache for SteadyCache {
    async fn get(&self, key: &CacheKey) -> Result<Option<Bytes>, Failure> {
        let found = self.ask(self.shared.get(key)).await.flatten();
        match self.own(key) {
            Some(own) if found.is_none() => own.get(key).await,
            Some(_) | None => Ok(found),
        }
    }

    async fn put(&self, key: &CacheKey, value: Bytes, ttl: Duration) -> Result<(), Failure> {
        if let Some(own) = self.own(key) {
            own.put(key, value.clone(), ttl).await?;
        }
        self.ask(self.shared.put(key, value, ttl)).await;
        Ok(())
    }

    async fn remove(&self, key: &CacheKey) -> Result<(), Failure> {
        if let Some(own) = self.own(key) {
            own.remove(key).await?;
        }
        self.ask(self.shared.remove(key)).await;
        Ok(())
    }

    async fn forget_place(&self, room: RoomId, place: Seq) -> Result<(), Failure> {
        // Unlike everything else, this may precede what is pending.
        self.settle_up().await;
        let forget = self.shared.forget_place(room, place);
        if self.outage.ask(forget).await.is_some() {
            return Ok(());
        }
        let mut owed = lock(&self.owed);
        if owed.len() < MOST_OWED {
            *owed.entry(Debt { room, place }).or_default() += 1;
            return Ok(());
        }
        let full = "too many invalidations are pending already";
        Err(Failure::overloaded("cache", "forget", full))
    }

    async fn claim(&self, key: &CacheKey, ttl: Duration) -> Result<bool, Failure> {
        let own = self.own(key);
        if let Some(own) = own
            && !own.claim(key, ttl).await?
        {
            return Ok(false);
        }
        let granted = self.ask(self.shared.claim(key, ttl)).await.unwrap_or(true);
        if let Some(own) = own
            && !granted
        {
            own.release(key).await?;
        }
        Ok(granted)
    }

    async fn hold_on(&self, key: &CacheKey, ttl: Duration) -> Result<bool, Failure> {
        let is_held_here = match self.own(key) {
            Some(own) => own.hold_on(key, ttl).await?,
            None => true,
        };
        let shared = self.ask(self.shared.hold_on(key, ttl)).await;
        Ok(shared.unwrap_or(is_held_here))
    }

    async fn release(&self, key: &CacheKey) -> Result<(), Failure> {
        // The shared claim first: otherwise another worker here would be refused for nothing.
        self.ask(self.shared.release(key)).await;
        if let Some(own) = self.own(key) {
            own.release(key).await?;
        }
        Ok(())
    }
}
