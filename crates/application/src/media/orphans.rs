//! Removing files that are attached to nothing.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use domain::port::blobs::{BlobKey, Part};
use domain::port::{Blobs, MediaStore, Upkeep};
use domain::{Failure, Timestamp};

use crate::{Policy, Ports};

/// How many files are removed per run: each takes a request or two to the blob store.
const AT_ONCE: usize = 50;

/// Removes files that no message and no avatar refers to: those that were never posted, those whose
/// message was deleted, replaced avatars, and all files of a deleted room.
pub struct ClearOrphans {
    media: Arc<dyn MediaStore>,
    blobs: Arc<dyn Blobs>,
    kept: Duration,
}

impl ClearOrphans {
    /// An upkeep task over these ports.
    pub fn new(ports: &Ports, policy: &Policy) -> Self {
        Self {
            media: Arc::clone(&ports.media),
            blobs: Arc::clone(&ports.blobs),
            kept: policy.media.kept_loose,
        }
    }
}

#[async_trait]
impl Upkeep for ClearOrphans {
    /// The blobs go last: until its record is gone, an upload may still be attached to a message.
    /// Blobs left behind by a failure are found by [`ClearStrays`](super::ClearStrays).
    async fn clear(&self, now: Timestamp, limit: usize) -> Result<usize, Failure> {
        let before = now - self.kept;
        let orphans = self.media.orphans(before, limit.min(AT_ONCE)).await?;
        let removed = self.media.remove(&orphans).await?;
        for media in &removed {
            for part in [Part::Original, Part::Thumbnail] {
                let key = BlobKey {
                    media: *media,
                    part,
                };
                self.blobs.remove(key).await?;
            }
        }
        Ok(removed.len())
    }
}
