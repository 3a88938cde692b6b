//! Counting and hashing bytes as they stream through.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use domain::port::blobs::ByteStream;
use domain::port::media::FileDigest;
use domain::{Failure, FileKind};
use futures::{StreamExt as _, TryStreamExt as _, stream};
use sha2::{Digest as _, Sha256};

use crate::lock::lock;

/// Reads enough of a file to tell its type, and returns that head along with the whole stream.
pub(super) async fn begun(bytes: ByteStream) -> Result<(Vec<u8>, ByteStream), Failure> {
    // A stream that has ended here is polled again further on.
    let mut bytes = bytes.fuse();
    let (mut head, mut pieces) = (Vec::new(), Vec::new());
    while head.len() < FileKind::HEAD
        && let Some(piece) = bytes.try_next().await?
    {
        let wanted = FileKind::HEAD.saturating_sub(head.len()).min(piece.len());
        head.extend_from_slice(piece.get(..wanted).unwrap_or_default());
        // Empty pieces add nothing to the head, so keeping them would let their sender fill memory.
        if !piece.is_empty() {
            pieces.push(Ok(piece));
        }
    }
    Ok((head, stream::iter(pieces).chain(bytes).boxed()))
}

/// Records whether a stream exceeded its limit.
#[derive(Clone, Default)]
pub(super) struct Overflow(Arc<AtomicBool>);

impl Overflow {
    /// Whether the limit was exceeded.
    pub(super) fn happened(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }

    /// The same stream, failing once it exceeds `most` bytes. Received bytes count even if they are
    /// stripped later on, so that no sender can keep an upload going forever.
    pub(super) fn bound(&self, bytes: ByteStream, most: u64) -> ByteStream {
        let (told, mut left) = (self.clone(), most);
        let bounded = move |piece: Bytes| {
            let size = u64::try_from(piece.len()).unwrap_or(u64::MAX);
            let Some(rest) = left.checked_sub(size) else {
                told.0.store(true, Ordering::Release);
                return Err(Failure::lasting(
                    "request",
                    "be taken in",
                    "the file is too large",
                ));
            };
            left = rest;
            Ok(piece)
        };
        let mut bounded = bounded;
        bytes.map(move |piece| piece.and_then(&mut bounded)).boxed()
    }
}

/// Hashes what is stored.
#[derive(Clone, Default)]
pub(super) struct Sum(Arc<Mutex<Sha256>>);

impl Sum {
    /// The same stream, hashed as it passes.
    pub(super) fn over(&self, bytes: ByteStream) -> ByteStream {
        let sum = self.clone();
        bytes
            .inspect_ok(move |piece| sum.lock(|sum| sum.update(piece)))
            .boxed()
    }

    /// The digest of what has passed so far.
    pub(super) fn digest(&self) -> FileDigest {
        FileDigest(self.lock(|sum| sum.clone().finalize().into()))
    }

    fn lock<T>(&self, with: impl FnOnce(&mut Sha256) -> T) -> T {
        with(&mut lock(&self.0))
    }
}
