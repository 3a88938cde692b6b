//! A store that is open.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use domain::BoxError;
use object_store::ObjectStore;
use object_store::local::LocalFileSystem;

use crate::address::{Address, BadAddress};
use crate::folder::Folder;
use crate::place::Places;

/// How much of a file is written at once to a folder.
const PIECE: usize = 1 << 20;
/// S3 takes no smaller parts of a file, but for its last.
const PART: usize = 5 << 20;

/// Keeps bytes in a folder or in S3.
#[derive(Clone)]
pub struct BlobStore {
    pub(crate) objects: Arc<dyn ObjectStore>,
    pub(crate) places: Places,
    /// Where they are, if that is in a folder.
    pub(crate) folder: Option<Folder>,
    /// How much of a file is handed over at once.
    pub(crate) part: usize,
}

/// Why a store cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The folder cannot be made.
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
    /// The driver does not make a store of it.
    #[error("the store cannot be set up")]
    Driver(#[source] BoxError),
}

impl BlobStore {
    /// Keeps bytes in a folder, which is made if it is not there.
    pub fn in_folder(path: &Path) -> Result<Self, OpenError> {
        let unusable = |source| OpenError::Folder {
            path: path.to_owned(),
            source,
        };
        std::fs::create_dir_all(path).map_err(unusable)?;
        let folder = LocalFileSystem::new_with_prefix(path)
            .map_err(|error| OpenError::Driver(error.into()))?
            // What was acknowledged is on the disk, as with messages.
            .with_fsync(true)
            .with_automatic_cleanup(true);
        Ok(Self {
            objects: Arc::new(folder),
            places: Places::default(),
            folder: Some(Folder::at(path)),
            part: PIECE,
        })
    }

    /// Keeps bytes in the bucket that an address names, `s3://bucket/prefix?endpoint=…`. What it leaves
    /// out is taken from the variables that AWS has names for. It asks nobody yet.
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
