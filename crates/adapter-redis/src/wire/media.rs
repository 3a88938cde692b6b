//! Uploaded files.

use domain::{FileName, MediaId, RoomId, Timestamp, UserId};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::unreadable::{Unreadable, parsed};

#[derive(Serialize, Deserialize)]
pub(crate) struct Media {
    id: Uuid,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    room: Option<Uuid>,
    owner: Uuid,
    file_name: String,
    content_type: String,
    size: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    dimensions: Option<(i32, i32)>,
    thumbnail: bool,
    status: MediaStatus,
    created_at: i64,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum MediaStatus {
    Processing,
    Ready,
    Rejected,
}

impl From<&domain::Media> for Media {
    fn from(media: &domain::Media) -> Self {
        Self {
            id: media.id.as_uuid(),
            room: media.room.map(RoomId::as_uuid),
            owner: media.owner.as_uuid(),
            file_name: media.file_name.as_str().to_owned(),
            content_type: media.content_type.clone(),
            size: media.size,
            dimensions: media.dimensions,
            thumbnail: media.thumbnail,
            status: match media.status {
                domain::MediaStatus::Processing => MediaStatus::Processing,
                domain::MediaStatus::Ready => MediaStatus::Ready,
                domain::MediaStatus::Rejected => MediaStatus::Rejected,
            },
            created_at: media.created_at.as_millis(),
        }
    }
}

impl TryFrom<Media> for domain::Media {
    type Error = Unreadable;

    fn try_from(media: Media) -> Result<Self, Unreadable> {
        Ok(Self {
            id: MediaId::from_uuid(media.id),
            room: media.room.map(RoomId::from_uuid),
            owner: UserId::from_uuid(media.owner),
            file_name: parsed("a file's name", FileName::parse(media.file_name))?,
            content_type: media.content_type,
            size: media.size,
            dimensions: media.dimensions,
            thumbnail: media.thumbnail,
            status: match media.status {
                MediaStatus::Processing => domain::MediaStatus::Processing,
                MediaStatus::Ready => domain::MediaStatus::Ready,
                MediaStatus::Rejected => domain::MediaStatus::Rejected,
            },
            created_at: Timestamp::from_millis(media.created_at),
        })
    }
}
