//! Pictures from untrusted senders: removing metadata, measuring them, and making thumbnails.
//!
//! [`SafePictures`] serves the port. A file is cleaned while it is uploaded, chunk by chunk, without
//! being decoded (`clean/`): its sender's location never reaches the disk. Afterwards it is opened once
//! (`look.rs`), if its header says that it is small enough, on a thread of its own, and with a bound on
//! how many pixels are in memory at once.
//!
//! What may not live here: who may upload or see anything, and where files are stored.

mod clean;
mod look;
mod pictures;

pub use pictures::SafePictures;
