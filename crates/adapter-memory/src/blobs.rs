//! The bytes of uploaded files.

use std::collections::{BTreeSet, HashMap};
use std::ops::Range;
use std::sync::Mutex;

use async_trait::async_trait;
use bytes::{Bytes, BytesMut};
use domain::port::Blobs;
use domain::port::blobs::{BlobKey, ByteStream, Put};
use domain::{Failure, MediaId};
use futures::{StreamExt as _, TryStreamExt as _, stream};

use crate::lock::lock;

/// Keeps bytes for the life of the process.
#[derive(Default)]
pub struct MemoryBlobs {
    blobs: Mutex<HashMap<BlobKey, Bytes>>,
}

#[async_trait]
impl Blobs for MemoryBlobs {
    async fn put(&self, key: BlobKey, mut bytes: ByteStream, limit: u64) -> Result<Put, Failure> {
        let mut whole = BytesMut::new();
        while let Some(piece) = bytes.try_next().await? {
            if length(whole.len().saturating_add(piece.len())) > limit {
                return Ok(Put::TooLarge);
            }
            whole.extend_from_slice(&piece);
        }
        let stored = length(whole.len());
        lock(&self.blobs).insert(key, whole.freeze());
        Ok(Put::Stored(stored))
    }

    async fn size(&self, key: BlobKey) -> Result<Option<u64>, Failure> {
        Ok(lock(&self.blobs).get(&key).map(|blob| length(blob.len())))
    }

    async fn get(&self, key: BlobKey, range: Range<u64>) -> Result<Option<ByteStream>, Failure> {
        let Some(blob) = lock(&self.blobs).get(&key).cloned() else {
            return Ok(None);
        };
        let cut = |place: u64| usize::try_from(place).map_or(blob.len(), |p| p.min(blob.len()));
        let (start, end) = (cut(range.start), cut(range.end));
        let bytes = blob.slice(start..end.max(start));
        Ok(Some(stream::once(async { Ok(bytes) }).boxed()))
    }

    async fn remove(&self, key: BlobKey) -> Result<(), Failure> {
        lock(&self.blobs).remove(&key);
        Ok(())
    }

    async fn kept(&self, after: Option<MediaId>, limit: usize) -> Result<Vec<MediaId>, Failure> {
        let ids: BTreeSet<MediaId> = lock(&self.blobs).keys().map(|key| key.media).collect();
        let later = ids
            .into_iter()
            .filter(|id| after.is_none_or(|after| *id > after));
        Ok(later.take(limit).collect())
    }
}

fn length(bytes: usize) -> u64 {
    u64::try_from(bytes).unwrap_or(u64::MAX)
}
