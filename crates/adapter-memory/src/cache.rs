//! Cached results.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use domain::port::cache::CacheKey;
use domain::port::{Cache, Clock};
use domain::{Failure, RoomId, Seq, Timestamp};

use crate::lock::lock;

/// The limits of a cache.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CacheBounds {
    /// The number of entries, and of claims.
    pub entries: usize,
    /// The total size of the values, in bytes.
    pub bytes: usize,
}

impl Default for CacheBounds {
    fn default() -> Self {
        Self {
            entries: 1 << 16,
            bytes: 64 << 20,
        }
    }
}

/// Keeps values in this process, evicting the least recently used ones.
pub struct MemoryCache {
    clock: Arc<dyn Clock>,
    bounds: CacheBounds,
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    entries: HashMap<CacheKey, Entry>,
    /// The keys in order of last use.
    by_use: BTreeMap<u64, CacheKey>,
    uses: u64,
    bytes: usize,
    claims: HashMap<CacheKey, Timestamp>,
    /// The cached summaries of each room.
    summaries: HashMap<RoomId, HashSet<CacheKey>>,
}

struct Entry {
    value: Bytes,
    until: Timestamp,
    used: u64,
}

impl MemoryCache {
    /// An empty cache.
    pub fn new(clock: Arc<dyn Clock>, bounds: CacheBounds) -> Self {
        Self {
            clock,
            bounds,
            kept: Mutex::new(Kept::default()),
        }
    }
}

#[async_trait]
impl Cache for MemoryCache {
    async fn get(&self, key: &CacheKey) -> Result<Option<Bytes>, Failure> {
        Ok(lock(&self.kept).get(key, self.clock.now()))
    }

    async fn put(&self, key: &CacheKey, value: Bytes, ttl: Duration) -> Result<(), Failure> {
        let until = self.clock.now() + ttl;
        lock(&self.kept).put(key, value, until, self.bounds);
        Ok(())
    }

    async fn remove(&self, key: &CacheKey) -> Result<(), Failure> {
        lock(&self.kept).remove(key);
        Ok(())
    }

    async fn forget_place(&self, room: RoomId, place: Seq) -> Result<(), Failure> {
        lock(&self.kept).forget_place(room, place);
        Ok(())
    }

    async fn claim(&self, key: &CacheKey, ttl: Duration) -> Result<bool, Failure> {
        let now = self.clock.now();
        Ok(lock(&self.kept).claim(key, now, now + ttl, self.bounds.entries))
    }

    async fn hold_on(&self, key: &CacheKey, ttl: Duration) -> Result<bool, Failure> {
        let now = self.clock.now();
        Ok(lock(&self.kept).hold_on(key, now, now + ttl))
    }

    async fn release(&self, key: &CacheKey) -> Result<(), Failure> {
        lock(&self.kept).claims.remove(key);
        Ok(())
    }
}

impl Kept {
    fn get(&mut self, key: &CacheKey, now: Timestamp) -> Option<Bytes> {
        let entry = self.entries.get_mut(key)?;
        if entry.until <= now {
            self.remove(key);
            return None;
        }
        self.uses = self.uses.saturating_add(1);
        if let Some(key) = self.by_use.remove(&entry.used) {
            self.by_use.insert(self.uses, key);
        }
        entry.used = self.uses;
        Some(entry.value.clone())
    }

    fn put(&mut self, key: &CacheKey, value: Bytes, until: Timestamp, bounds: CacheBounds) {
        self.remove(key);
        if value.len() > bounds.bytes || bounds.entries == 0 {
            return;
        }
        self.make_room(value.len(), bounds);
        self.uses = self.uses.saturating_add(1);
        self.bytes = self.bytes.saturating_add(value.len());
        self.by_use.insert(self.uses, key.clone());
        if let CacheKey::Summary { room, .. } = &key {
            self.summaries.entry(*room).or_default().insert(key.clone());
        }
        let entry = Entry {
            value,
            until,
            used: self.uses,
        };
        self.entries.insert(key.clone(), entry);
    }

    /// Evicts the least recently used entries until one more of this size fits.
    fn make_room(&mut self, size: usize, bounds: CacheBounds) {
        while self.entries.len() >= bounds.entries || self.bytes.saturating_add(size) > bounds.bytes
        {
            let Some((_, oldest)) = self.by_use.pop_first() else {
                return;
            };
            self.remove(&oldest);
        }
    }

    fn remove(&mut self, key: &CacheKey) {
        if let Some(entry) = self.entries.remove(key) {
            self.by_use.remove(&entry.used);
            self.bytes = self.bytes.saturating_sub(entry.value.len());
        }
        if let CacheKey::Summary { room, .. } = key
            && let Some(of_room) = self.summaries.get_mut(room)
        {
            of_room.remove(key);
            if of_room.is_empty() {
                self.summaries.remove(room);
            }
        }
    }

    fn forget_place(&mut self, room: RoomId, place: Seq) {
        let over = |key: &&CacheKey| match key {
            CacheKey::Summary { from, to, .. } => (*from..=*to).contains(&place),
            CacheKey::Notified { .. } => false,
        };
        let of_room = self.summaries.get(&room).into_iter().flatten();
        let keys: Vec<CacheKey> = of_room.filter(over).cloned().collect();
        for key in &keys {
            self.remove(key);
        }
    }

    fn claim(&mut self, key: &CacheKey, now: Timestamp, until: Timestamp, most: usize) -> bool {
        if self.claims.get(key).is_some_and(|held| *held > now) {
            return false;
        }
        if self.claims.len() >= most {
            self.claims.retain(|_, held| *held > now);
        }
        // Beyond the limit a claim is granted without being recorded: two callers may then do the same
        // work, which costs time, whereas a refusal would leave it undone.
        if self.claims.len() < most {
            self.claims.insert(key.clone(), until);
        }
        true
    }

    fn hold_on(&mut self, key: &CacheKey, now: Timestamp, until: Timestamp) -> bool {
        let held = self.claims.get_mut(key).filter(|held| **held > now);
        held.map(|held| *held = until).is_some()
    }
}

#[cfg(test)]
mod tests {
    use domain::UserId;
    use uuid::Uuid;

    use super::*;
    use crate::ManualClock;

    const LONG: Duration = Duration::from_mins(1);

    fn key(number: u128) -> CacheKey {
        CacheKey::Notified {
            room: RoomId::from_uuid(Uuid::from_u128(number)),
            user: UserId::from_uuid(Uuid::from_u128(number)),
            device: None,
            read: Seq::ZERO,
            personal: false,
        }
    }

    fn cache(entries: usize, bytes: usize) -> (MemoryCache, Arc<ManualClock>) {
        let clock = Arc::new(ManualClock::at(Timestamp::from_millis(0)));
        let bounds = CacheBounds { entries, bytes };
        let cache = MemoryCache::new(Arc::<ManualClock>::clone(&clock), bounds);
        (cache, clock)
    }

    async fn put(cache: &MemoryCache, number: u128, value: &'static str) {
        let value = Bytes::from_static(value.as_bytes());
        cache.put(&key(number), value, LONG).await.unwrap();
    }

    async fn has(cache: &MemoryCache, number: u128) -> bool {
        cache.get(&key(number)).await.unwrap().is_some()
    }

    #[tokio::test]
    async fn what_was_used_last_stays() {
        let (cache, _) = cache(2, 100);
        put(&cache, 1, "one").await;
        put(&cache, 2, "two").await;
        assert!(has(&cache, 1).await);
        put(&cache, 3, "three").await;
        assert!(has(&cache, 1).await);
        assert!(!has(&cache, 2).await);
        assert!(has(&cache, 3).await);
    }

    #[tokio::test]
    async fn bytes_are_bounded() {
        let (cache, _) = cache(100, 8);
        put(&cache, 1, "12345").await;
        put(&cache, 2, "6789").await;
        assert!(!has(&cache, 1).await);
        assert!(has(&cache, 2).await);
        put(&cache, 2, "123456789").await;
        assert!(!has(&cache, 2).await);
        assert_eq!(lock(&cache.kept).bytes, 0);
        assert!(lock(&cache.kept).by_use.is_empty());
    }

    #[tokio::test]
    async fn what_has_expired_takes_no_room() {
        let (cache, clock) = cache(100, 100);
        put(&cache, 1, "one").await;
        clock.advance(LONG);
        assert!(!has(&cache, 1).await);
        assert_eq!(lock(&cache.kept).bytes, 0);
    }

    #[tokio::test]
    async fn claims_are_bounded_and_lapse() {
        let (cache, clock) = cache(2, 100);
        for number in 0..10 {
            assert!(cache.claim(&key(number), LONG).await.unwrap());
            assert!(lock(&cache.kept).claims.len() <= 2);
        }
        assert!(!cache.claim(&key(0), LONG).await.unwrap());
        clock.advance(LONG);
        assert!(cache.claim(&key(0), LONG).await.unwrap());
    }
}
