//! Where files are kept.

use std::path::PathBuf;

use super::ServiceUrl;

/// Where files are kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MediaPlace {
    /// In this process, as long as it lives.
    Memory,
    /// In a folder of this machine.
    Folder(PathBuf),
    /// In a bucket of S3.
    Bucket(ServiceUrl),
}
