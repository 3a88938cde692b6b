//! Uploads as rows.

use diesel::deserialize::{self, FromSql};
use diesel::pg::{Pg, PgValue};
use diesel::prelude::*;
use diesel::sql_types::Record;
use domain::port::media::{FileDigest, Filed, Hangs};
use domain::{FileName, Media, MediaId, MediaStatus, RoomId, Seq, UserId};

use crate::columns::{Key, Moment};
use crate::failure::{Broken, Spot};
use crate::schema::media;

/// An upload and where it is attached.
#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = media, check_for_backend(Pg))]
#[diesel(treat_none_as_default_value = false)]
pub(crate) struct MediaRow {
    pub(crate) id: Key<MediaId>,
    pub(crate) room_id: Option<Key<RoomId>>,
    owner_id: Key<UserId>,
    file_name: String,
    content_type: String,
    size: i64,
    width: Option<i32>,
    height: Option<i32>,
    thumbnail: bool,
    status: String,
    created_at: Moment,
    pub(crate) attached: bool,
    pub(crate) seq: Option<i64>,
    place: i64,
    digest: Vec<u8>,
}

impl MediaRow {
    pub(crate) fn read(self) -> Result<Media, Broken> {
        let id = self.id.0;
        let spot = Spot::new("media", &id);
        Ok(Media {
            id,
            room: self.room_id.map(|key| key.0),
            owner: self.owner_id.0,
            file_name: spot.parsed("file_name", FileName::parse(&self.file_name))?,
            content_type: self.content_type,
            size: self.size,
            dimensions: self.width.zip(self.height),
            thumbnail: self.thumbnail,
            status: spot.known("status", status(&self.status))?,
            created_at: self.created_at.0,
        })
    }

    /// What is needed to find its bytes.
    pub(crate) fn filed(self) -> Result<Filed, Broken> {
        let spot = Spot::new("media", &self.id.0);
        let digest = self.digest.as_slice().try_into().ok();
        Ok(Filed {
            digest: FileDigest(spot.known("digest", digest)?),
            hangs: match self.seq {
                Some(seq) => Hangs::On(spot.known("seq", Seq::new(seq))?),
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
            room_id: upload.room.map(Key),
            owner_id: Key(upload.owner),
            file_name: upload.file_name.as_str().to_owned(),
            content_type: upload.content_type.clone(),
            size: upload.size,
            width: upload.dimensions.map(|(width, _)| width),
            height: upload.dimensions.map(|(_, height)| height),
            thumbnail: upload.thumbnail,
            status: status_word(upload.status).to_owned(),
            created_at: Moment(upload.created_at),
            attached: false,
            seq: None,
            place: 0,
            digest: digest.0.to_vec(),
        }
    }
}

/// As a composite value in a statement that reads messages.
impl FromSql<Record<media::SqlType>, Pg> for MediaRow {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        let row = FromSql::<Record<media::SqlType>, Pg>::from_sql(value)?;
        Queryable::<media::SqlType, Pg>::build(row)
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
