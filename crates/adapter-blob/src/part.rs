//! A file on its way into the store, part by part.

use bytes::{Bytes, BytesMut};
use object_store::path::Path;
use object_store::{MultipartUpload, ObjectStore, ObjectStoreExt as _, Result};
use tokio::runtime::Handle;

/// A file of which nothing can be read before [`finish`](Self::finish).
pub(crate) struct Growing<'a> {
    objects: &'a dyn ObjectStore,
    place: Path,
    part: usize,
    waiting: BytesMut,
    upload: Option<Begun>,
}

impl<'a> Growing<'a> {
    pub(crate) fn new(objects: &'a dyn ObjectStore, place: Path, part: usize) -> Self {
        Self {
            objects,
            place,
            part,
            waiting: BytesMut::new(),
            upload: None,
        }
    }

    /// Takes some more bytes, and hands them over once they are a part.
    pub(crate) async fn write(&mut self, mut piece: Bytes) -> Result<()> {
        while !piece.is_empty() {
            // Parts are all of one size, which some stores insist on.
            let fits = self.part.saturating_sub(self.waiting.len());
            let some = piece.split_to(fits.min(piece.len()));
            self.waiting.extend_from_slice(&some);
            if self.waiting.len() >= self.part {
                self.hand_over().await?;
            }
        }
        Ok(())
    }

    async fn hand_over(&mut self) -> Result<()> {
        let part = self.waiting.split().freeze();
        if self.upload.is_none() {
            let upload = self.objects.put_multipart(&self.place).await?;
            self.upload = Some(Begun(Some(upload)));
        }
        if let Some(Begun(Some(upload))) = &mut self.upload {
            upload.put_part(part.into()).await?;
        }
        Ok(())
    }

    /// Puts all of it in its place. What is smaller than a part goes there in one step.
    pub(crate) async fn finish(mut self) -> Result<()> {
        if self.upload.is_none() {
            let whole = self.waiting.split().freeze();
            self.objects.put(&self.place, whole.into()).await?;
            return Ok(());
        }
        if !self.waiting.is_empty() {
            self.hand_over().await?;
        }
        if let Some(Begun(upload)) = &mut self.upload {
            if let Some(begun) = upload {
                begun.complete().await?;
            }
            *upload = None;
        }
        Ok(())
    }

    /// Leaves nothing behind.
    pub(crate) async fn abandon(mut self) -> Result<()> {
        if let Some(Begun(upload)) = &mut self.upload
            && let Some(mut begun) = upload.take()
        {
            begun.abort().await?;
        }
        Ok(())
    }
}

/// An upload in parts that is neither complete nor given up.
struct Begun(Option<Box<dyn MultipartUpload>>);

/// Whoever stops waiting for a write leaves its parts in S3, where they cost and cannot be seen. A folder
/// clears up after itself. If the process dies instead, the bucket's own rule for such parts does it,
/// see docs/media.md.
impl Drop for Begun {
    fn drop(&mut self) {
        let (Some(mut upload), Ok(runtime)) = (self.0.take(), Handle::try_current()) else {
            return;
        };
        // Nobody is left to tell of a failure, and the bucket's rule is there for that as well.
        drop(runtime.spawn(async move { upload.abort().await }));
    }
}
