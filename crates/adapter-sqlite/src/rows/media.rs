//! Uploads as rows.

use diesel::prelude::*;
use diesel::sqlite::Sqlite;
use domain::port::media::{FileDigest, Filed, Hangs};
use domain::{FileName, Media, MediaId, MediaStatus, RoomId, Seq, Timestamp, UserId};

use crate::columns::Key;
use crate::failure::{Broken, Spot};
use crate::schema::media;

/// An upload and where it is attached.
#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = media, check_for_backend(Sqlite))]
#[diesel(treat_none_as_default_value = false)]
pub(crate) struct MediaRow {
    pub(crate) id: Key<MediaId>,
    room: Option<Key<RoomId>>,
    owner: Key<UserId>,
    file_name: String,
    content_type: String,
    size: i64,
    width: Option<i32>,
    height: Option<i32>,
    thumbnail: bool,
    status: String,
    created_at: i64,
    pub(crate) attached: bool,
    pub(crate) message: Option<i64>,
    place: i64,
    digest: Vec<u8>,
}

impl MediaRow {
    pub(crate) fn read(self) -> Result<Media, Broken> {
        let id = self.id.0;
        let spot = Spot::new("media", &id);
        Ok(Media {
            id,
            room: self.room.map(|key| key.0),
            owner: self.owner.0,
            file_name: spot.parsed("file_name", FileName::parse(&self.file_name))?,
            content_type: self.content_type,
            size: self.size,
            dimensions: self.width.zip(self.height),
            thumbnail: self.thumbnail,
            status: spot.known("status", status(&self.status))?,
            created_at: Timestamp::from_millis(self.created_at),
        })
    }

    /// What is needed to find its bytes, given the seq of the message that it is attached to.
    pub(crate) fn filed(self, seq: Option<Seq>) -> Result<Filed, Broken> {
        let spot = Spot::new("media", &self.id.0);
        let digest = self.digest.as_slice().try_into().ok();
        Ok(Filed {
            digest: FileDigest(spot.known("digest", digest)?),
            hangs: match seq {
                Some(seq) => Hangs::On(seq),
                None if self.attached => Hangs::NoMore,
                None => Hangs::Nowhere,
            },
            media: self.read()?,
        })
    }

    /// An upload that is not attached to anything.
    pub(crate) fn of(upload: &Media, digest: FileDigest) -> Self {
        Self {
            id: Key(upload.id),
            room: upload.room.map(Key),
            owner: Key(upload.owner),
            file_name: upload.file_name.as_str().to_owned(),
            content_type: upload.content_type.clone(),
            size: upload.size,
            width: upload.dimensions.map(|(width, _)| width),
            height: upload.dimensions.map(|(_, height)| height),
            thumbnail: upload.thumbnail,
            status: status_word(upload.status).to_owned(),
            created_at: upload.created_at.as_millis(),
            attached: false,
            message: None,
            place: 0,
            digest: digest.0.to_vec(),
        }
    }
}

pub(crate) const fn status_word(status: MediaStatus) -> &'static str {
    match status {
        MediaStatus::Processing => "processing",
        MediaStatus::Ready => "ready",
        MediaStatus::Rejected => "rejected",
    }
}

fn status(word: &str) -> Option<MediaStatus> {
    [
        MediaStatus::Processing,
        MediaStatus::Ready,
        MediaStatus::Rejected,
    ]
    .into_iter()
    .find(|status| status_word(*status) == word)
}
