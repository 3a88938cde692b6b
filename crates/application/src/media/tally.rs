//! Counting and summing up bytes that pass by.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use domain::port::blobs::ByteStream;
use domain::port::media::FileDigest;
use domain::{Failure, FileKind};
use futures::{StreamExt as _, TryStreamExt as _, stream};
use sha2::{Digest as _, Sha256};

/// Enough of a file to tell what it is, and all of it.
pub(super) async fn begun(bytes: ByteStream) -> Result<(Vec<u8>, ByteStream), Failure> {
    // What has ended here is asked once more further on.
    let mut bytes = bytes.fuse();
    let (mut head, mut pieces) = (Vec::new(), Vec::new());
    while head.len() < FileKind::HEAD
        && let Some(piece) = bytes.try_next().await?
    {
        let wanted = FileKind::HEAD.saturating_sub(head.len()).min(piece.len());
        head.extend_from_slice(piece.get(..wanted).unwrap_or_default());
        // A sender of empty pieces gets nowhere, and fills nothing.
        if !piece.is_empty() {
            pieces.push(Ok(piece));
        }
    }
    Ok((head, stream::iter(pieces).chain(bytes).boxed()))
}

/// Tells whether there was more than is taken.
#[derive(Clone, Default)]
pub(super) struct Overflow(Arc<AtomicBool>);

impl Overflow {
    /// Whether there was.
    pub(super) fn happened(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }

    /// The same bytes, breaking off where they are too many. What comes in counts, also what is taken
    /// out of it afterwards: nobody is to keep us busy for ever.
    pub(super) fn bound(&self, bytes: ByteStream, most: u64) -> ByteStream {
        let (told, mut left) = (self.clone(), most);
        let bounded = move |piece: Bytes| {
            let size = u64::try_from(piece.len()).unwrap_or(u64::MAX);
            let Some(rest) = left.checked_sub(size) else {
                told.0.store(true, Ordering::Release);
                return Err(Failure::lasting(
                    "request",
                    "be taken in",
                    "it is too large",
                ));
            };
            left = rest;
            Ok(piece)
        };
        let mut bounded = bounded;
        bytes.map(move |piece| piece.and_then(&mut bounded)).boxed()
    }
}

/// Sums up what is stored.
#[derive(Clone, Default)]
pub(super) struct Sum(Arc<Mutex<Sha256>>);

impl Sum {
    /// The same bytes.
    pub(super) fn over(&self, bytes: ByteStream) -> ByteStream {
        let sum = self.clone();
        bytes
            .inspect_ok(move |piece| sum.lock(|sum| sum.update(piece)))
            .boxed()
    }

    /// The sum of what has passed by.
    pub(super) fn digest(&self) -> FileDigest {
        FileDigest(self.lock(|sum| sum.clone().finalize().into()))
    }

    fn lock<T>(&self, with: impl FnOnce(&mut Sha256) -> T) -> T {
        with(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
