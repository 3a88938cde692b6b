//! Metadata of uploaded files. Their bytes are in [`Blobs`](super::Blobs).

use async_trait::async_trait;

use crate::{Event, Failure, Media, MediaId, MediaStatus, Message, Seq, Timestamp, UserId};

/// The result of processing an upload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Findings {
    /// Whether it is fit to show.
    pub status: MediaStatus,
    /// The width and height of a picture.
    pub dimensions: Option<(i32, i32)>,
    /// Whether a thumbnail was made.
    pub thumbnail: bool,
}

/// The SHA-256 of a file's bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct FileDigest(pub [u8; 32]);

/// What an upload is attached to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hangs {
    /// Nothing yet.
    Nowhere,
    /// The message at this position in its room.
    On(Seq),
    /// It was attached to a message that has been deleted.
    NoMore,
}

/// An upload with what is needed to serve its bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filed {
    /// The upload.
    pub media: Media,
    /// The digest of its bytes.
    pub digest: FileDigest,
    /// What it is attached to.
    pub hangs: Hangs,
}

/// Stores the metadata of uploads.
///
/// # Obligations
/// - `an_upload_is_found_as_kept`: with its event in the outbox.
/// - `a_file_is_where_it_hangs`: with its original digest; not found if its room was deleted.
/// - `findings_are_kept_once`: only an upload in `Processing` accepts them; otherwise the answer is
///   `None`.
/// - `findings_change_the_message`: it gets the room's next rev and shows the upload as it is now.
/// - `usage_sums_ones_uploads`: rejected ones do not count.
/// - `uploads_are_listed_by_owner`: by id, page by page, each once, whatever they are attached to, except
///   those of deleted rooms.
/// - `orphans_hang_nowhere`: old uploads that are neither attached nor an avatar, oldest first.
/// - `removed_uploads_are_unknown`: and each is reported once.
/// - `what_is_needed_is_not_removed`: not what is attached or somebody's avatar by now.
#[async_trait]
pub trait MediaStore: Send + Sync + 'static {
    /// Stores a new upload together with its events.
    async fn create(
        &self,
        media: &Media,
        digest: FileDigest,
        events: &[Event],
    ) -> Result<(), Failure>;

    /// The uploads with these ids, in the given order.
    async fn find(&self, ids: &[MediaId]) -> Result<Vec<Media>, Failure>;

    /// An upload with what is needed to serve its bytes.
    async fn filed(&self, id: MediaId) -> Result<Option<Filed>, Failure>;

    /// Stores the result of processing an upload; also returns the message that it is attached to, if any.
    async fn conclude(
        &self,
        id: MediaId,
        findings: &Findings,
    ) -> Result<Option<(Media, Option<Message>)>, Failure>;

    /// How many bytes a user has uploaded.
    async fn usage(&self, owner: UserId) -> Result<i64, Failure>;

    /// A user's uploads by id, starting after one of them.
    async fn of_owner(
        &self,
        owner: UserId,
        after: Option<MediaId>,
        limit: usize,
    ) -> Result<Vec<Media>, Failure>;

    /// Unused uploads from before a moment.
    async fn orphans(&self, before: Timestamp, limit: usize) -> Result<Vec<MediaId>, Failure>;

    /// Deletes those of these uploads that are unused, and returns which those were.
    async fn remove(&self, ids: &[MediaId]) -> Result<Vec<MediaId>, Failure>;
}
