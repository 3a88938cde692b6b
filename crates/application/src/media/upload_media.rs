//! Uploading a file.

use std::sync::Arc;

use domain::port::blobs::{BlobKey, ByteStream, Part, Put};
use domain::port::media::FileDigest;
use domain::port::{Blobs, Blocks, Clock, Ids, IdsExt as _, MediaStore, Pictures, Rooms};
use domain::{
    Event, Failure, FileKind, FileName, Happening, Media, MediaId, MediaStatus, Refusal, RoomId,
    UserId,
};

use super::slots::UploadSlots;
use super::tally::{Overflow, Sum, begun};
use crate::access::{inside, welcome};
use crate::{Caller, Error, MediaBounds, Policy, Ports};

/// A file to upload.
pub struct NewUpload {
    /// The room whose members it is for; `None` for an avatar, which everybody may see.
    pub room: Option<RoomId>,
    /// The file name given by its sender.
    pub file_name: FileName,
    /// The content.
    pub bytes: ByteStream,
}

/// Stores files as they stream in, without buffering a whole file.
pub struct UploadMedia {
    rooms: Arc<dyn Rooms>,
    blocks: Arc<dyn Blocks>,
    media: Arc<dyn MediaStore>,
    blobs: Arc<dyn Blobs>,
    pictures: Arc<dyn Pictures>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
    bounds: MediaBounds,
    slots: UploadSlots,
}

impl UploadMedia {
    pub(crate) fn new(ports: &Ports, policy: &Policy) -> Self {
        Self {
            rooms: Arc::clone(&ports.rooms),
            blocks: Arc::clone(&ports.blocks),
            media: Arc::clone(&ports.media),
            blobs: Arc::clone(&ports.blobs),
            pictures: Arc::clone(&ports.pictures),
            clock: Arc::clone(&ports.clock),
            ids: Arc::clone(&ports.ids),
            bounds: policy.media,
            slots: UploadSlots::new(policy.media.at_once),
        }
    }

    /// Stores a file. It can be attached at once, and is inspected soon.
    #[tracing::instrument(skip_all, name = "upload_media")]
    pub async fn run(&self, caller: &Caller, new: NewUpload) -> Result<Media, Error> {
        if let Some(room) = new.room {
            self.admit(caller.user, room).await?;
        }
        let most = self.bounds.largest.min(self.space(caller.user).await?);
        let _slot = self.slots.take(caller.user).await?;
        let (head, bytes) = begun(new.bytes).await?;
        let kind = kind_of(&head, new.room)?;
        let id = self.ids.next();
        let (size, digest) = self.store(id, kind, bytes, most).await?;
        // Concurrent uploads of the same user may have used up the quota meanwhile.
        self.fits(caller.user, id, size).await?;
        let media = Media {
            id,
            room: new.room,
            owner: caller.user,
            file_name: new.file_name,
            content_type: kind.content_type().to_owned(),
            size,
            dimensions: None,
            thumbnail: false,
            status: MediaStatus::Processing,
            created_at: self.clock.now(),
        };
        self.note(&media, digest).await?;
        Ok(media)
    }

    /// Whoever may post in a room may upload to it.
    async fn admit(&self, user: UserId, room: RoomId) -> Result<(), Error> {
        let inside = inside(&*self.rooms, room, user).await?;
        inside.may_write(self.clock.now())?;
        welcome(&*self.blocks, &inside.room, user).await
    }

    /// How many bytes the user may still upload.
    async fn space(&self, user: UserId) -> Result<u64, Failure> {
        if self.bounds.quota == 0 {
            return Ok(u64::MAX);
        }
        let taken = u64::try_from(self.media.usage(user).await?).unwrap_or(0);
        Ok(self.bounds.quota.saturating_sub(taken))
    }

    /// Removes a stored file again if it no longer fits into the quota.
    async fn fits(&self, user: UserId, id: MediaId, size: i64) -> Result<(), Error> {
        let space = self.space(user).await?;
        if u64::try_from(size).unwrap_or(0) <= space {
            return Ok(());
        }
        self.blobs.remove(original(id)).await?;
        Err(Refusal::TooLarge { most: space }.into())
    }

    async fn store(
        &self,
        id: MediaId,
        kind: FileKind,
        bytes: ByteStream,
        most: u64,
    ) -> Result<(i64, FileDigest), Error> {
        let (overflow, sum) = (Overflow::default(), Sum::default());
        let bounded = overflow.bound(bytes, most);
        let clean = match kind.picture() {
            Some(format) => self.pictures.clean(format, bounded),
            None => bounded,
        };
        let put = self.blobs.put(original(id), sum.over(clean), most).await;
        match put {
            Ok(Put::Stored(size)) => {
                let size = i64::try_from(size).unwrap_or(i64::MAX);
                Ok((size, sum.digest()))
            }
            Ok(Put::TooLarge) => Err(Refusal::TooLarge { most }.into()),
            Err(_) if overflow.happened() => Err(Refusal::TooLarge { most }.into()),
            Err(failure) => Err(failure.into()),
        }
    }

    /// Records the upload. Without a record its blob is useless, and is removed.
    async fn note(&self, media: &Media, digest: FileDigest) -> Result<(), Failure> {
        let uploaded = Event {
            id: self.ids.next(),
            at: media.created_at,
            room: media.room,
            what: Happening::MediaUploaded(media.id),
        };
        let noted = self.media.create(media, digest, &[uploaded]).await;
        if noted.is_err()
            && let Err(failure) = self.blobs.remove(original(media.id)).await
        {
            tracing::warn!(media = %media.id, error = %failure.chain(), "could not delete a blob");
        }
        noted
    }
}

fn kind_of(head: &[u8], room: Option<RoomId>) -> Result<FileKind, Refusal> {
    if head.is_empty() {
        return Err(Refusal::invalid("file", "too_short", "must not be empty"));
    }
    let kind = FileKind::of(head);
    if room.is_none() && kind.picture().is_none() {
        let message = "must be a PNG, JPEG, GIF or WebP picture where no room is named";
        return Err(Refusal::invalid("file", "format", message));
    }
    Ok(kind)
}

const fn original(media: MediaId) -> BlobKey {
    BlobKey {
        media,
        part: Part::Original,
    }
}
