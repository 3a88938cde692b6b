//! An open store.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use domain::BoxError;
use object_store::ObjectStore;
use object_store::local::LocalFileSystem;

use crate::address::{Address, BadAddress};
use crate::folder::Folder;
use crate::place::Places;

/// How much of a file is written to a folder at once.
const PIECE: usize = 1 << 20;
/// S3 requires parts of at least this size, except for the last.
const PART: usize = 5 << 20;

/// Stores bytes in a folder or in S3.
#[derive(Clone)]
pub struct BlobStore {
    pub(crate) objects: Arc<dyn ObjectStore>,
    pub(crate) places: Places,
    /// The folder, if it is one.
    pub(crate) folder: Option<Folder>,
    /// The size of a part.
    pub(crate) part: usize,
}

/// Why a store cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The folder cannot be created.
    #[error("the folder {} cannot be used", path.display())]
    Folder {
        /// Which one.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// The address of the bucket cannot be read.
    #[error(transparent)]
    Address(#[from] BadAddress),
    /// The driver rejects the configuration.
    #[error("the store cannot be set up")]
    Driver(#[source] BoxError),
}

impl BlobStore {
    /// Stores bytes in a folder, which is created if it is missing.
    pub fn in_folder(path: &Path) -> Result<Self, OpenError> {
        let unusable = |source| OpenError::Folder {
            path: path.to_owned(),
            source,
        };
        std::fs::create_dir_all(path).map_err(unusable)?;
        let folder = LocalFileSystem::new_with_prefix(path)
            .map_err(|error| OpenError::Driver(error.into()))?
            // What was acknowledged is on disk, as with messages.
            .with_fsync(true)
            .with_automatic_cleanup(true);
        Ok(Self {
            objects: Arc::new(folder),
            places: Places::default(),
            folder: Some(Folder::at(path)),
            part: PIECE,
        })
    }

    /// Stores bytes in the bucket that an address names, `s3://bucket/prefix?endpoint=…`. What it
    /// leaves out is taken from the `AWS_*` environment variables. Makes no request yet.
    pub fn in_bucket(address: &str) -> Result<Self, OpenError> {
        let address = Address::parse(address)?;
        let places = Places::within(&address.prefix);
        let bucket = address
            .builder()
            .build()
            .map_err(|error| OpenError::Driver(error.into()))?;
        Ok(Self {
            objects: Arc::new(bucket),
            places,
            folder: None,
            part: PART,
        })
    }
}
