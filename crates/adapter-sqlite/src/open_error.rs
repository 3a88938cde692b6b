//! Why a store could not be opened, and what to do about it.

use std::io;
use std::path::{Path, PathBuf};

use diesel::result::ConnectionError;
use domain::BoxError;

use crate::connection::NoConnection;
use crate::failure::words_of;

/// A store that could not be opened. Each message tells the operator what to do.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The file or its folder cannot be created or written to.
    #[error(
        "{} cannot be written to: let the user that runs Tertulia write there, or choose another \
         data folder",
        path.display()
    )]
    ReadOnly {
        /// The file or folder.
        path: PathBuf,
        /// What the operating system said.
        #[source]
        source: io::Error,
    },
    /// The file is not a database of ours.
    #[error(
        "{} is not a database of Tertulia: move it away, or choose another data folder",
        path.display()
    )]
    NotADatabase {
        /// The file.
        path: PathBuf,
    },
    /// The database file is corrupt.
    #[error("the database {} is damaged: restore its last backup", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
    },
    /// Another program is using the file.
    #[error(
        "another program uses the database {}: stop the other tertulia, or give each its own data \
         folder",
        path.display()
    )]
    InUse {
        /// The file.
        path: PathBuf,
    },
    /// A later version of Tertulia has changed the tables.
    #[error(
        "the database {} was made by a newer version of Tertulia, which this one does not know \
         ({}): install that version again, or restore a backup from before it",
        path.display(),
        unknown.join(", ")
    )]
    Newer {
        /// The file.
        path: PathBuf,
        /// The migrations that this version does not know.
        unknown: Vec<String>,
    },
    /// The disk is full.
    #[error("the disk that holds {} is full: free some space and start again", path.display())]
    Full {
        /// The file.
        path: PathBuf,
    },
    /// Anything else.
    #[error("the database {} could not be opened: see what follows", path.display())]
    Failed {
        /// The file.
        path: PathBuf,
        /// What it was.
        #[source]
        source: BoxError,
    },
}

impl OpenError {
    pub(crate) fn failed(path: &Path, source: impl Into<BoxError>) -> Self {
        Self::Failed {
            path: path.to_owned(),
            source: source.into(),
        }
    }

    /// Interprets an error of the operating system.
    pub(crate) fn from_io(path: &Path, source: io::Error) -> Self {
        let path = path.to_owned();
        if source.kind() == io::ErrorKind::StorageFull {
            return Self::Full { path };
        }
        let read_only = [
            io::ErrorKind::PermissionDenied,
            io::ErrorKind::ReadOnlyFilesystem,
        ];
        if read_only.contains(&source.kind()) {
            Self::ReadOnly { path, source }
        } else {
            Self::failed(&path, source)
        }
    }

    /// Interprets an error of SQLite.
    pub(crate) fn from_diesel(path: &Path, error: diesel::result::Error) -> Self {
        let said = words_of(&error).unwrap_or_default().to_owned();
        Self::said(path, &said).unwrap_or_else(|| Self::failed(path, error))
    }

    pub(crate) fn from_connection(path: &Path, error: NoConnection) -> Self {
        match error {
            NoConnection::SetUp(error) => Self::from_diesel(path, error),
            NoConnection::Connect(ConnectionError::BadConnection(said)) => {
                Self::said(path, &said).unwrap_or_else(|| Self::failed(path, said))
            }
            NoConnection::Connect(error) => Self::failed(path, error),
        }
    }

    fn said(path: &Path, words: &str) -> Option<Self> {
        let path = path.to_owned();
        let has = |known: &str| words.contains(known);
        if has("not a database") {
            Some(Self::NotADatabase { path })
        } else if has("malformed") {
            Some(Self::Damaged { path })
        } else if has("is locked") {
            Some(Self::InUse { path })
        } else if has("disk is full") {
            Some(Self::Full { path })
        } else if has("readonly") {
            let source = io::Error::new(io::ErrorKind::ReadOnlyFilesystem, words);
            Some(Self::ReadOnly { path, source })
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_is_told_apart_from_a_closed_one() {
        let path = Path::new("data/tertulia.db");
        let full = OpenError::from_io(path, io::ErrorKind::StorageFull.into());
        assert!(matches!(full, OpenError::Full { .. }));
        let closed = OpenError::from_io(path, io::ErrorKind::PermissionDenied.into());
        assert!(matches!(closed, OpenError::ReadOnly { .. }));
    }

    #[test]
    fn the_sentence_says_what_to_do() {
        let path = PathBuf::from("data/tertulia.db");
        assert_eq!(
            OpenError::InUse { path }.to_string(),
            "another program uses the database data/tertulia.db: stop the other tertulia, or give \
             each its own data folder"
        );
    }
}
