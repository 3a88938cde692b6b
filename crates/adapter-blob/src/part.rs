//! A file being written to the store, part by part.

use bytes::{Bytes, BytesMut};
use object_store::path::Path;
use object_store::{MultipartUpload, ObjectStore, ObjectStoreExt as _, Result};
use tokio::runtime::Handle;

/// A file that is not readable before [`finish`](Self::finish).
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

    /// Buffers more bytes, and sends them once they fill a part.
    pub(crate) async fn write(&mut self, mut piece: Bytes) -> Result<()> {
        while !piece.is_empty() {
            // All parts have the same size, which some stores require.
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

    /// Completes the file. One smaller than a part is stored in a single request.
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

    /// Discards everything.
    pub(crate) async fn abandon(mut self) -> Result<()> {
        if let Some(Begun(upload)) = &mut self.upload
            && let Some(mut begun) = upload.take()
        {
            begun.abort().await?;
        }
        Ok(())
    }
}

/// A multipart upload that is neither complete nor aborted.
struct Begun(Option<Box<dyn MultipartUpload>>);

/// A cancelled write would leave its parts in S3, where they cost money and cannot be seen. A folder
/// cleans up after itself. If the process dies instead, the bucket's lifecycle rule for such parts
/// applies, see docs/media.md.
impl Drop for Begun {
    fn drop(&mut self) {
        let (Some(mut upload), Ok(runtime)) = (self.0.take(), Handle::try_current()) else {
            return;
        };
        // There is no caller left to report a failure to, and the bucket's rule covers that case as
        // well.
        drop(runtime.spawn(async move { upload.abort().await }));
    }
}
