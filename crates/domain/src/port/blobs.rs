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
/// - `what_is_kept_is_listed`: each upload once, whichever parts of it there are, by rising ids after the
///   one that is given; nothing of what was removed.
#[async_trait]
pub trait Blobs: Send + Sync + 'static {
    /// Stores at most `limit` bytes under a key.
    async fn put(&self, key: BlobKey, bytes: ByteStream, limit: u64) -> Result<Put, Failure>;

    /// How many bytes a key has.
    async fn size(&self, key: BlobKey) -> Result<Option<u64>, Failure>;

    /// A range of a key's bytes.
    async fn get(&self, key: BlobKey, range: Range<u64>) -> Result<Option<ByteStream>, Failure>;

    /// Removes a key; removing an unknown one is fine. Whatever a write left behind under it that died
    /// half way goes as well.
    async fn remove(&self, key: BlobKey) -> Result<(), Failure>;

    /// Of which uploads anything is kept, also what a write left behind that died half way: a page, which
    /// is shorter than the limit at the end only.
    async fn kept(&self, after: Option<MediaId>, limit: usize) -> Result<Vec<MediaId>, Failure>;
}
