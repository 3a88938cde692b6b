//! The bytes of uploads: in a folder of this machine, or in a bucket of S3 or of anything that speaks
//! like it.
//!
//! [`BlobStore`] serves the port, in a file of its name. Under its key nothing is ever readable before
//! all of it is there: a folder gets a file under another name first, S3 a multipart upload that is
//! completed at the end. A write holds one part in memory (`part.rs`), whatever its size is in the end.
//!
//! What may not live here: what the bytes are, and who may see them. Nor does an error of the driver
//! leave this crate: `failure.rs` reads them.

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
