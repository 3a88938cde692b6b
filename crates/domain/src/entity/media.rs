//! Metadata of uploaded files.

use crate::{FileName, MediaId, RoomId, Timestamp, UserId};

/// How far an upload has been processed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MediaStatus {
    /// Stored, not inspected yet.
    Processing,
    /// Inspected and fit to show.
    Ready,
    /// Inspected and rejected.
    Rejected,
}

/// An uploaded file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Media {
    /// Identifies the upload, and its bytes in the blob store.
    pub id: MediaId,
    /// The room whose members may see it; an avatar has none.
    pub room: Option<RoomId>,
    /// Who uploaded it.
    pub owner: UserId,
    /// The name that its owner gave it.
    pub file_name: FileName,
    /// Its media type, as detected from its bytes.
    pub content_type: String,
    /// Its size in bytes.
    pub size: i64,
    /// The width and height of a picture.
    pub dimensions: Option<(i32, i32)>,
    /// Whether there is a thumbnail.
    pub thumbnail: bool,
    /// How far it has been processed.
    pub status: MediaStatus,
    /// When it was uploaded.
    pub created_at: Timestamp,
}
