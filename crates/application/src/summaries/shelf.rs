//! The cache of summaries.

use std::sync::Arc;
use std::time::Duration;

use domain::port::Cache;
use domain::port::cache::CacheKey;
use domain::{RoomId, Seq};

use super::range_summary::RangeSummary;
use super::stored;
use crate::Ports;

/// Caches summaries for as long as nothing that they are made from changes. An outage of the cache only
/// costs time.
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

    /// Drops every summary that covers this position, because the message there was edited or deleted.
    pub(crate) async fn forget_place(&self, room: RoomId, place: Seq) {
        if let Err(failure) = self.cache.forget_place(room, place).await {
            tracing::warn!(
                error = %failure.chain(),
                %room,
                place = place.get(),
                "could not drop the summaries of a changed message; they expire unused"
            );
        }
    }

    pub(super) async fn find(&self, key: &CacheKey) -> Option<RangeSummary> {
        match self.cache.get(key).await {
            Ok(found) => stored::read(found?),
            Err(failure) => {
                tracing::warn!(
                    error = %failure.chain(),
                    "could not read the summary cache; making the summary anew"
                );
                None
            }
        }
    }

    pub(super) async fn keep(&self, key: &CacheKey, told: &RangeSummary, ttl: Duration) {
        if let Err(failure) = self.cache.put(key, stored::write(told), ttl).await {
            tracing::warn!(error = %failure.chain(), "could not cache a summary");
        }
    }

    pub(super) async fn remove(&self, key: &CacheKey) {
        if let Err(failure) = self.cache.remove(key).await {
            tracing::warn!(
                error = %failure.chain(),
                "could not remove an outdated summary from the cache"
            );
        }
    }

    /// Claims the making of a summary across all nodes. If the cache cannot tell, the claim is granted.
    pub(super) async fn claim(&self, key: &CacheKey, ttl: Duration) -> bool {
        match self.cache.claim(key, ttl).await {
            Ok(granted) => granted,
            Err(failure) => {
                tracing::warn!(
                    error = %failure.chain(),
                    "could not claim a summary; another node may make it as well"
                );
                true
            }
        }
    }

    /// Renews a claim. If it is lost, the only harm is that two nodes make the same summary.
    pub(super) async fn hold_on(&self, key: &CacheKey, ttl: Duration) {
        if let Err(failure) = self.cache.hold_on(key, ttl).await {
            tracing::warn!(
                error = %failure.chain(),
                "could not renew the claim of a summary; another node may make it as well"
            );
        }
    }

    pub(super) async fn release(&self, key: &CacheKey) {
        if let Err(failure) = self.cache.release(key).await {
            tracing::warn!(
                error = %failure.chain(),
                "could not release the claim of a summary; it stays until it expires"
            );
        }
    }
}
