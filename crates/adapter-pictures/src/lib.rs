//! Pictures that strangers have sent: what is taken out of their files, how large they are, and small
//! pictures of them.
//!
//! [`SafePictures`] serves the port. A file is cleaned while it is uploaded, chunk by chunk, without
//! being decoded (`clean/`): where its sender was never reaches the disk. Afterwards it is opened once
//! (`look.rs`), after its header has said that it is not too much, on a thread of its own, and with a
//! bound on how many points are in memory at once.
//!
//! What may not live here: who may upload or see anything, and where files are kept.

mod clean;
mod look;
mod pictures;

pub use pictures::SafePictures;
