//! Uploaded files: who may upload, how uploads are processed, and who may read them.
//!
//! An upload is stored as it comes in ([`UploadMedia`]), and pictures are stripped of metadata
//! about their sender on the way. It is then inspected on whichever node has time
//! ([`LookAtUpload`]). Whoever may read the message that it is attached to may read it
//! ([`ReadMedia`]). Files that are attached to nothing are removed after a while
//! ([`ClearOrphans`]), as are blobs without a record ([`ClearStrays`]).

mod bounds;
mod look;
mod orphans;
mod put_avatar;
mod read_media;
mod slots;
mod strays;
mod tally;
#[cfg(test)]
mod tests;
mod upload_media;

pub use bounds::MediaBounds;
pub use look::LookAtUpload;
pub use orphans::ClearOrphans;
pub use put_avatar::PutAvatar;
pub use read_media::{Opened, ReadMedia};
pub use strays::ClearStrays;
pub use upload_media::{NewUpload, UploadMedia};
