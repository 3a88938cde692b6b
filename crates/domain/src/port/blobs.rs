//! The bytes of uploaded files.

use std::ops::Range;
use std::pin::Pin;

use async_trait::async_trait;
use bytes::Bytes;
use futures_core::Stream;

use crate::{Failure, MediaId};

/// A stream of chunks.
pub type ByteStream = Pin<Box<dyn Stream<Item = Result<Bytes, Failure>> + Send>>;

/// Which file of an upload.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Part {
    /// The file as it was uploaded.
    Original,
    /// A small picture of it.
    Thumbnail,
}

/// Identifies a blob.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct BlobKey {
    /// The upload.
    pub media: MediaId,
    /// Which file of it.
    pub part: Part,
}

/// The outcome of a write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Put {
    /// Everything is stored: this many bytes.
    Stored(u64),
    /// The stream exceeded the limit; nothing is stored.
    TooLarge,
}

/// Stores blobs.
///
/// # Obligations
/// - `what_was_put_is_read`: as a whole, and any range of it.
/// - `too_many_bytes_store_nothing`.
/// - `a_broken_stream_stores_nothing`: a partial upload is never readable.
/// - `an_unknown_blob_is_absent`: and so is a removed one.
/// - `a_range_beyond_the_end_is_cut`: and one that begins at the end or later is empty.
/// - `what_is_kept_is_listed`: each upload once, whichever of its files exist, by ascending id after the
///   given one; removed ones are not listed.
#[async_trait]
pub trait Blobs: Send + Sync + 'static {
    /// Stores at most `limit` bytes under a key.
    async fn put(&self, key: BlobKey, bytes: ByteStream, limit: u64) -> Result<Put, Failure>;

    /// The size of a blob.
    async fn size(&self, key: BlobKey) -> Result<Option<u64>, Failure>;

    /// A range of a blob's bytes.
    async fn get(&self, key: BlobKey, range: Range<u64>) -> Result<Option<ByteStream>, Failure>;

    /// Removes a blob, together with whatever an interrupted write has left behind under its key. Removing
    /// an unknown blob is fine.
    async fn remove(&self, key: BlobKey) -> Result<(), Failure>;

    /// A page of the uploads of which anything is stored, including leftovers of interrupted writes. Only
    /// the last page is shorter than the limit.
    async fn kept(&self, after: Option<MediaId>, limit: usize) -> Result<Vec<MediaId>, Failure>;
}
