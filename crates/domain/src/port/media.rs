//! What is known of uploaded files. Their bytes are in [`Blobs`](super::Blobs).

use async_trait::async_trait;

use crate::{Event, Failure, Media, MediaId, MediaStatus, Message, Seq, Timestamp, UserId};

/// What looking at an upload has found out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Findings {
    /// Whether it is fit to show.
    pub status: MediaStatus,
    /// How wide and high a picture is.
    pub dimensions: Option<(i32, i32)>,
    /// Whether a thumbnail was made.
    pub thumbnail: bool,
}

/// The SHA-256 of a file's bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct FileDigest(pub [u8; 32]);

/// Where an upload hangs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hangs {
    /// Nowhere yet.
    Nowhere,
    /// On the message in this place of its room.
    On(Seq),
    /// It hung on a message that was deleted.
    NoMore,
}

/// An upload, for whoever wants its bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filed {
    /// The upload.
    pub media: Media,
    /// Of its bytes.
    pub digest: FileDigest,
    /// Where it hangs.
    pub hangs: Hangs,
}

/// Keeps what is known of uploads.
///
/// # Obligations
/// - `an_upload_is_found_as_kept`: with its event in the outbox.
/// - `a_file_is_where_it_hangs`: with the digest that it was kept with, and not in a deleted room.
/// - `findings_are_kept_once`: only an upload in `Processing` takes them; another time it is `None`.
/// - `findings_change_the_message`: it carries the room's next rev and shows the upload as it is now.
/// - `usage_sums_ones_uploads`: rejected ones do not count.
/// - `uploads_are_listed_by_owner`: by id, page after page, each once, wherever they hang, but not those
///   of deleted rooms.
/// - `orphans_hang_nowhere`: old uploads on no message and of no avatar, oldest first.
/// - `removed_uploads_are_unknown`: and told, each once.
/// - `what_is_needed_is_not_removed`: not what hangs on a message or is somebody's avatar by now.
#[async_trait]
pub trait MediaStore: Send + Sync + 'static {
    /// Keeps a new upload and what must have consequences.
    async fn create(
        &self,
        media: &Media,
        digest: FileDigest,
        events: &[Event],
    ) -> Result<(), Failure>;

    /// The uploads with these ids, in that order.
    async fn find(&self, ids: &[MediaId]) -> Result<Vec<Media>, Failure>;

    /// An upload, for whoever wants its bytes.
    async fn filed(&self, id: MediaId) -> Result<Option<Filed>, Failure>;

    /// Keeps what was found out about an upload; with it the message that it hangs on, if any.
    async fn conclude(
        &self,
        id: MediaId,
        findings: &Findings,
    ) -> Result<Option<(Media, Option<Message>)>, Failure>;

    /// How many bytes a person has uploaded.
    async fn usage(&self, owner: UserId) -> Result<i64, Failure>;

    /// A person's uploads by id, after one of them.
    async fn of_owner(
        &self,
        owner: UserId,
        after: Option<MediaId>,
        limit: usize,
    ) -> Result<Vec<Media>, Failure>;

    /// Uploads from before a moment that nothing needs.
    async fn orphans(&self, before: Timestamp, limit: usize) -> Result<Vec<MediaId>, Failure>;

    /// Forgets those of these uploads that nothing needs, and tells which those were.
    async fn remove(&self, ids: &[MediaId]) -> Result<Vec<MediaId>, Failure>;
}
