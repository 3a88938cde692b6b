//! Files that people upload: who may, what becomes of them, and who sees them.
//!
//! An upload is stored while it comes in ([`UploadMedia`]), and pictures lose on the way what tells of
//! their sender. Then it is looked at, on whichever node has time ([`LookAtUpload`]). Whoever may read
//! the message that it hangs on may read it ([`ReadMedia`]). What hangs nowhere goes after a while
//! ([`ClearOrphans`]), as does what nothing is known of ([`ClearStrays`]).

mod bounds;
mod look;
mod orphans;
mod places;
mod put_avatar;
mod read_media;
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
