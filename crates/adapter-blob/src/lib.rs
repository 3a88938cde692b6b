//! The bytes of uploads: in a local folder, or in a bucket of S3 or a compatible service.
//!
//! [`BlobStore`] serves the port, in the file of the same name. Nothing is readable under its key
//! before it is complete: a folder gets a file under another name first, S3 a multipart upload that is
//! completed at the end. A write buffers only one part in memory (`part.rs`), however large the file
//! is.
//!
//! What may not live here: what the bytes mean, and who may see them. Nor do the driver's errors leave
//! this crate: `failure.rs` translates them.

mod address;
mod blobs;
mod failure;
mod folder;
mod kept;
mod part;
mod place;
mod probe;
mod store;
mod tls;

pub use address::BadAddress;
pub use store::{BlobStore, OpenError};
