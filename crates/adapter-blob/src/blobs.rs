//! The port `Blobs`.

use std::ops::Range;

use async_trait::async_trait;
use domain::port::Blobs;
use domain::port::blobs::{BlobKey, ByteStream, Put};
use domain::{Failure, MediaId};
use futures::{StreamExt as _, TryStreamExt as _, stream};
use object_store::path::Path;
use object_store::{GetOptions, GetRange, ObjectStoreExt as _};

use crate::failure::{is_absent, of};
use crate::kept::in_bucket;
use crate::part::Growing;
use crate::store::BlobStore;

/// No file is this long, and some servers cannot parse larger numbers.
const FARTHEST: u64 = 1 << 53;

#[async_trait]
impl Blobs for BlobStore {
    async fn put(&self, key: BlobKey, bytes: ByteStream, limit: u64) -> Result<Put, Failure> {
        let mut file = Growing::new(&*self.objects, self.places.of(key), self.part);
        let broken = |error| of("store", error);
        match fill(&mut file, bytes, limit).await {
            Ok(Some(size)) => {
                file.finish().await.map_err(broken)?;
                Ok(Put::Stored(size))
            }
            Ok(None) => {
                file.abandon().await.map_err(broken)?;
                Ok(Put::TooLarge)
            }
            Err(failure) => {
                // The first error is the one that counts.
                drop(file.abandon().await);
                Err(failure)
            }
        }
    }

    async fn size(&self, key: BlobKey) -> Result<Option<u64>, Failure> {
        self.length(&self.places.of(key)).await
    }

    async fn get(&self, key: BlobKey, range: Range<u64>) -> Result<Option<ByteStream>, Failure> {
        let place = self.places.of(key);
        let range = range.start..range.end.min(FARTHEST);
        if range.is_empty() {
            return Ok(self.length(&place).await?.map(|_| nothing()));
        }
        let options = GetOptions {
            range: Some(GetRange::Bounded(range.clone())),
            ..GetOptions::default()
        };
        match self.objects.get_opts(&place, options).await {
            Ok(found) => {
                let bytes = found.into_stream();
                Ok(Some(bytes.map_err(|error| of("read", error)).boxed()))
            }
            Err(error) if is_absent(&error) => Ok(None),
            // Stores report a range beyond the end in different ways.
            Err(error) => match self.length(&place).await? {
                Some(length) if length <= range.start => Ok(Some(nothing())),
                Some(_) => Err(of("read", error)),
                None => Ok(None),
            },
        }
    }

    async fn remove(&self, key: BlobKey) -> Result<(), Failure> {
        if let Some(folder) = &self.folder {
            folder.sweep(&self.places.of(key)).await?;
        }
        match self.objects.delete(&self.places.of(key)).await {
            Ok(()) => Ok(()),
            Err(error) if is_absent(&error) => Ok(()),
            Err(error) => Err(of("remove", error)),
        }
    }

    async fn kept(&self, after: Option<MediaId>, limit: usize) -> Result<Vec<MediaId>, Failure> {
        match &self.folder {
            Some(folder) => folder.kept(after, limit).await,
            None => in_bucket(&*self.objects, &self.places, after, limit).await,
        }
    }
}

impl BlobStore {
    async fn length(&self, place: &Path) -> Result<Option<u64>, Failure> {
        match self.objects.head(place).await {
            Ok(known) => Ok(Some(known.size)),
            Err(error) if is_absent(&error) => Ok(None),
            Err(error) => Err(of("measure", error)),
        }
    }
}

fn nothing() -> ByteStream {
    stream::empty().boxed()
}

/// Writes the whole stream and returns its length, or `None` if it exceeds the limit.
async fn fill(
    file: &mut Growing<'_>,
    mut bytes: ByteStream,
    limit: u64,
) -> Result<Option<u64>, Failure> {
    let mut size: u64 = 0;
    while let Some(piece) = bytes.try_next().await? {
        let more = u64::try_from(piece.len()).unwrap_or(u64::MAX);
        size = size.saturating_add(more);
        if size > limit {
            return Ok(None);
        }
        file.write(piece)
            .await
            .map_err(|error| of("store", error))?;
    }
    Ok(Some(size))
}
