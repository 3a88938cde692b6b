//! A cache that records what was put into it.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use adapter_memory::MemoryCache;
use async_trait::async_trait;
use bytes::Bytes;
use domain::port::Cache;
use domain::port::cache::CacheKey;
use domain::{Failure, RoomId, Seq};

/// A cache that records what was put into it.
pub(super) struct Watched {
    inner: Arc<MemoryCache>,
    keys: Mutex<Vec<CacheKey>>,
}

impl Watched {
    pub(super) fn new(inner: MemoryCache) -> Arc<Self> {
        Arc::new(Self {
            inner: Arc::new(inner),
            keys: Mutex::default(),
        })
    }

    /// Everything that it contains now.
    pub(super) async fn kept(&self) -> Vec<(CacheKey, Bytes)> {
        let keys = self.keys.lock().unwrap().clone();
        let mut kept = Vec::new();
        for key in keys {
            if let Some(value) = self.inner.get(&key).await.unwrap() {
                kept.push((key, value));
            }
        }
        kept
    }

    /// Whether a text is anywhere in it.
    pub(super) async fn holds(&self, text: &str) -> bool {
        let kept = self.kept().await;
        let mut values = kept.iter().map(|(_, value)| String::from_utf8_lossy(value));
        values.any(|value| value.contains(text))
    }
}

#[async_trait]
impl Cache for Watched {
    async fn get(&self, key: &CacheKey) -> Result<Option<Bytes>, Failure> {
        self.inner.get(key).await
    }

    async fn put(&self, key: &CacheKey, value: Bytes, ttl: Duration) -> Result<(), Failure> {
        self.keys.lock().unwrap().push(key.clone());
        self.inner.put(key, value, ttl).await
    }

    async fn remove(&self, key: &CacheKey) -> Result<(), Failure> {
        self.inner.remove(key).await
    }

    async fn forget_place(&self, room: RoomId, place: Seq) -> Result<(), Failure> {
        self.inner.forget_place(room, place).await
    }

    async fn claim(&self, key: &CacheKey, ttl: Duration) -> Result<bool, Failure> {
        self.inner.claim(key, ttl).await
    }

    async fn hold_on(&self, key: &CacheKey, ttl: Duration) -> Result<bool, Failure> {
        self.inner.hold_on(key, ttl).await
    }

    async fn release(&self, key: &CacheKey) -> Result<(), Failure> {
        self.inner.release(key).await
    }
}
