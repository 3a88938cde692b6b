//! Summaries that were made before.

use std::sync::Arc;
use std::time::Duration;

use domain::port::Cache;
use domain::port::cache::CacheKey;
use domain::{RoomId, Seq};

use super::stored;
use super::told::Told;
use crate::Ports;

/// Keeps summaries for as long as nothing changes of which they are made. A cache that is away costs time
/// and nothing else.
#[derive(Clone)]
pub(crate) struct Shelf {
    cache: Arc<dyn Cache>,
}

impl Shelf {
    pub(crate) fn new(ports: &Ports) -> Self {
        Self {
            cache: Arc::clone(&ports.cache),
        }
    }

    /// Keeps nothing any more of what was said at a place: it says something else now, or nothing.
    pub(crate) async fn forget_place(&self, room: RoomId, place: Seq) {
        if let Err(failure) = self.cache.forget_place(room, place).await {
            tracing::warn!(
                error = %failure.chain(),
                %room,
                place = place.get(),
                "a summary of what has changed is not asked for any more, but kept until its time is over"
            );
        }
    }

    pub(super) async fn find(&self, key: &CacheKey) -> Option<Told> {
        match self.cache.get(key).await {
            Ok(found) => stored::read(found?),
            Err(failure) => {
                tracing::warn!(error = %failure.chain(), "no summary was looked for");
                None
            }
        }
    }

    pub(super) async fn keep(&self, key: &CacheKey, told: &Told, ttl: Duration) {
        if let Err(failure) = self.cache.put(key, stored::write(told), ttl).await {
            tracing::warn!(error = %failure.chain(), "a summary was not kept");
        }
    }

    pub(super) async fn remove(&self, key: &CacheKey) {
        if let Err(failure) = self.cache.remove(key).await {
            tracing::warn!(error = %failure.chain(), "a summary was not removed");
        }
    }

    /// Claims to be the one on all nodes who makes a summary. Where that cannot be told, everybody is.
    pub(super) async fn claim(&self, key: &CacheKey, ttl: Duration) -> bool {
        match self.cache.claim(key, ttl).await {
            Ok(granted) => granted,
            Err(failure) => {
                tracing::warn!(error = %failure.chain(), "nobody claims a summary");
                true
            }
        }
    }

    /// Holds on to a claim. One that is gone changes nothing: then two make the same.
    pub(super) async fn hold_on(&self, key: &CacheKey, ttl: Duration) {
        if let Err(failure) = self.cache.hold_on(key, ttl).await {
            tracing::warn!(error = %failure.chain(), "a claim of a summary is not held on to");
        }
    }

    pub(super) async fn release(&self, key: &CacheKey) {
        if let Err(failure) = self.cache.release(key).await {
            tracing::warn!(error = %failure.chain(), "a claim of a summary lapses by itself");
        }
    }
}
