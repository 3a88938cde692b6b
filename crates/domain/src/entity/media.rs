//! Uploaded files, as far as they are known without opening them.

use crate::{FileName, MediaId, RoomId, Timestamp, UserId};

/// What has become of an upload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MediaStatus {
    /// Stored, not looked at yet.
    Processing,
    /// Looked at and fit to show.
    Ready,
    /// Looked at and refused.
    Rejected,
}

/// An uploaded file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Media {
    /// Names the upload, and its bytes in the blob store.
    pub id: MediaId,
    /// The room whose members may see it; an avatar has none.
    pub room: Option<RoomId>,
    /// Who uploaded it.
    pub owner: UserId,
    /// What its owner calls it.
    pub file_name: FileName,
    /// What its bytes say it is.
    pub content_type: String,
    /// How many bytes it has.
    pub size: i64,
    /// How wide and high a picture is.
    pub dimensions: Option<(i32, i32)>,
    /// Whether there is a thumbnail.
    pub thumbnail: bool,
    /// What has become of it.
    pub status: MediaStatus,
    /// When it was uploaded.
    pub created_at: Timestamp,
}
