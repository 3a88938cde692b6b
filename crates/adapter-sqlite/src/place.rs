//! The file and its folder: created if missing, readable only by their owner, and locked.

use std::fs::{DirBuilder, File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use crate::open_error::OpenError;

/// The lock on a database, which this process holds as long as it lives.
pub(crate) struct Hold(File);

impl Hold {
    /// Releases the lock, so that the next process can take it.
    pub(crate) fn release(&self) -> io::Result<()> {
        self.0.unlock()
    }
}

/// The absolute path, so that a later change of the working directory does not matter and no name is
/// mistaken for a URL.
pub(crate) fn whole(path: &Path) -> Result<PathBuf, OpenError> {
    let path = std::path::absolute(path).map_err(|error| OpenError::from_io(path, error))?;
    // SQLite takes names as text, and would open a different file from the one that is locked.
    if path.to_str().is_none() {
        return Err(OpenError::failed(&path, "the path is not UTF-8"));
    }
    Ok(path)
}

/// Creates the folder and the file if they are missing, and locks the database.
pub(crate) fn take(path: &Path) -> Result<Hold, OpenError> {
    if let Some(folder) = path.parent() {
        make_folder(folder).map_err(|error| OpenError::from_io(folder, error))?;
    }
    let lock = path.with_extension("lock");
    let hold = open_private(&lock).map_err(|error| OpenError::from_io(&lock, error))?;
    match hold.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            let path = path.to_owned();
            return Err(OpenError::InUse { path });
        }
        Err(TryLockError::Error(error)) => return Err(OpenError::from_io(&lock, error)),
    }
    // SQLite would open a file that it may not write to, and fail at the first write instead.
    open_private(path).map_err(|error| OpenError::from_io(path, error))?;
    Ok(Hold(hold))
}

fn make_folder(folder: &Path) -> io::Result<()> {
    if folder.as_os_str().is_empty() || folder.is_dir() {
        return Ok(());
    }
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

// SQLite gives its two companion files the permissions of the main one.
fn open_private(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_at_a_time_may_hold_a_database() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("new/tertulia.db");
        let hold = take(&path).unwrap();
        assert!(matches!(take(&path), Err(OpenError::InUse { .. })));

        hold.release().unwrap();
        assert!(take(&path).is_ok());
    }

    #[cfg(unix)]
    #[test]
    fn a_path_that_is_no_text_is_refused() {
        use std::os::unix::ffi::OsStrExt as _;

        let path = Path::new(std::ffi::OsStr::from_bytes(b"/data/\xff/tertulia.db"));
        assert!(matches!(whole(path), Err(OpenError::Failed { .. })));
    }

    #[cfg(unix)]
    #[test]
    fn what_is_made_is_its_owners_only() {
        use std::os::unix::fs::PermissionsExt as _;

        let ground = tempfile::tempdir().unwrap();
        let folder = ground.path().join("data");
        let path = folder.join("tertulia.db");
        let _hold = take(&path).unwrap();

        let mode = |path: &Path| path.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&folder), mode(&path)), (0o700, 0o600));
    }
}
