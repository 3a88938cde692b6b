//! Reading a file.

use std::ops::Range;
use std::sync::Arc;

use domain::port::blobs::{BlobKey, ByteStream, Part};
use domain::port::media::{FileDigest, Filed, Hangs};
use domain::port::{Blobs, MediaStore, Rooms, Users};
use domain::{
    FileKind, FileName, MediaId, MediaStatus, PictureFormat, Refusal, RoomId, Seq, UserId,
};

use crate::access::inside;
use crate::{Caller, Error, Ports};

/// A file that its reader may download.
#[derive(Clone, Debug)]
pub struct Opened {
    /// The blob to read.
    pub key: BlobKey,
    /// The SHA-256 of the original file, whichever part this is.
    pub digest: FileDigest,
    /// The file name given by its sender.
    pub file_name: FileName,
    /// The content type detected from its bytes.
    pub content_type: String,
    /// Its size in bytes.
    pub size: u64,
    /// Whether a browser may display it inline rather than only download it.
    pub shown: bool,
}

/// Serves files to those who may see them.
pub struct ReadMedia {
    rooms: Arc<dyn Rooms>,
    users: Arc<dyn Users>,
    media: Arc<dyn MediaStore>,
    blobs: Arc<dyn Blobs>,
}

impl ReadMedia {
    pub(crate) fn new(ports: &Ports) -> Self {
        Self {
            rooms: Arc::clone(&ports.rooms),
            users: Arc::clone(&ports.users),
            media: Arc::clone(&ports.media),
            blobs: Arc::clone(&ports.blobs),
        }
    }

    /// Opens a file or its thumbnail, if the caller may read it.
    pub async fn open(&self, caller: &Caller, id: MediaId, part: Part) -> Result<Opened, Error> {
        let filed = self.media.filed(id).await?.ok_or(Refusal::NotFound)?;
        match filed.media.room {
            Some(room) => self.of_room(caller.user, room, &filed).await?,
            None => self.of_person(caller.user, &filed).await?,
        }
        let key = BlobKey { media: id, part };
        let media = filed.media;
        let missing = match part {
            Part::Original => media.status == MediaStatus::Rejected,
            Part::Thumbnail => !media.thumbnail,
        };
        if missing {
            return Err(Refusal::NotFound.into());
        }
        let size = self.blobs.size(key).await?.ok_or(Refusal::NotFound)?;
        Ok(Opened {
            key,
            digest: filed.digest,
            file_name: media.file_name,
            shown: FileKind::is_shown(&media.content_type),
            content_type: match part {
                Part::Original => media.content_type,
                Part::Thumbnail => PictureFormat::Jpeg.content_type().to_owned(),
            },
            size,
        })
    }

    /// A range of its bytes.
    pub async fn bytes(&self, opened: &Opened, range: Range<u64>) -> Result<ByteStream, Error> {
        let bytes = self.blobs.get(opened.key, range).await?;
        Ok(bytes.ok_or(Refusal::NotFound)?)
    }

    /// Allows members to read what is attached to messages visible to them. A file that is not
    /// attached yet counts as posted when it was uploaded.
    async fn of_room(&self, reader: UserId, room: RoomId, filed: &Filed) -> Result<(), Error> {
        let inside = inside(&*self.rooms, room, reader).await?;
        let membership = &inside.membership;
        let reads = match filed.hangs {
            Hangs::On(seq) => inside.reads(seq),
            Hangs::NoMore => false,
            Hangs::Nowhere => {
                membership.from_seq == Seq::ZERO
                    || filed.media.owner == reader
                    || filed.media.created_at >= membership.joined_at
            }
        };
        if reads {
            Ok(())
        } else {
            Err(Refusal::NotFound.into())
        }
    }

    /// An avatar is visible to everybody; until a picture becomes one, only its owner may read it.
    async fn of_person(&self, reader: UserId, filed: &Filed) -> Result<(), Error> {
        let (owner, id) = (filed.media.owner, filed.media.id);
        if owner == reader {
            return Ok(());
        }
        let worn = self.users.find(&[owner]).await?.pop();
        if worn.is_some_and(|user| user.avatar == Some(id)) {
            Ok(())
        } else {
            Err(Refusal::NotFound.into())
        }
    }
}
