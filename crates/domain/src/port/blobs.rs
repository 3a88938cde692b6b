//! The bytes of uploaded files.

use std::ops::Range;
use std::pin::Pin;

use async_trait::async_trait;
use bytes::Bytes;
use futures_core::Stream;

use crate::{Failure, MediaId};

/// Bytes that come piece by piece.
pub type ByteStream = Pin<Box<dyn Stream<Item = Result<Bytes, Failure>> + Send>>;

/// Which bytes of an upload.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Part {
    /// The file as it was uploaded.
    Original,
    /// A small picture of it.
    Thumbnail,
}

/// Names stored bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct BlobKey {
    /// Of which upload.
    pub media: MediaId,
    /// Which bytes of it.
    pub part: Part,
}

/// What became of a write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Put {
    /// All is stored, this many bytes.
    Stored(u64),
    /// There were more bytes than allowed; nothing is stored.
    TooLarge,
}

/// Keeps bytes.
///
/// # Obligations
/// - `what_was_put_is_read`: whole, and any range of it.
/// - `too_many_bytes_store_nothing`.
/// - `a_broken_stream_stores_nothing`: nobody ever reads half an upload.
/// - `an_unknown_blob_is_absent`: also after its removal.
/// - `a_range_beyond_the_end_is_cut`: and one that begins there is empty.
#[async_trait]
pub trait Blobs: Send + Sync + 'static {
    /// Stores at most `limit` bytes under a key.
    async fn put(&self, key: BlobKey, bytes: ByteStream, limit: u64) -> Result<Put, Failure>;

    /// How many bytes a key has.
    async fn size(&self, key: BlobKey) -> Result<Option<u64>, Failure>;

    /// A range of a key's bytes.
    async fn get(&self, key: BlobKey, range: Range<u64>) -> Result<Option<ByteStream>, Failure>;

    /// Removes a key; removing an unknown one is fine.
    async fn remove(&self, key: BlobKey) -> Result<(), Failure>;
}
