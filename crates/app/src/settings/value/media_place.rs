//! Where uploaded files are stored.

use std::path::PathBuf;

use super::ServiceUrl;

/// Where uploaded files are stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MediaPlace {
    /// In this process, until it ends.
    Memory,
    /// In a folder on this machine.
    Folder(PathBuf),
    /// In an S3 bucket.
    Bucket(ServiceUrl),
}
