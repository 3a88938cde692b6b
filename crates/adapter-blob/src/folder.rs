//! The contents of a folder, including what the driver does not list: unfinished files left by a
//! process that died while writing them. Their names are the final names plus a number.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use domain::{Failure, MediaId};
use object_store::path::Path as Place;
use tokio::task::spawn_blocking;

use crate::place::{hours, upload};

/// A folder that contains folders of files.
#[derive(Clone)]
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn at(path: &Path) -> Self {
        Self(path.to_owned())
    }

    /// A page of the uploads that have any file here.
    pub(crate) async fn kept(
        &self,
        after: Option<MediaId>,
        limit: usize,
    ) -> Result<Vec<MediaId>, Failure> {
        let root = self.0.clone();
        aside("list", move || page(&root, after, limit)).await
    }

    /// Removes unfinished versions of the file at this place.
    pub(crate) async fn sweep(&self, place: &Place) -> Result<(), Failure> {
        let path = self.0.join(place.as_ref());
        aside("remove", move || sweep(&path)).await
    }
}

/// Runs blocking work off the async threads.
async fn aside<T: Send + 'static>(
    action: &'static str,
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> Result<T, Failure> {
    let broken = |error: io::Error| Failure::passing("blobs", action, error);
    let done = spawn_blocking(work).await;
    done.map_err(|error| broken(error.into()))?.map_err(broken)
}

fn page(root: &Path, after: Option<MediaId>, limit: usize) -> io::Result<Vec<MediaId>> {
    let first = OsString::from(after.map(hours).unwrap_or_default());
    let mut folders = names(root)?;
    folders.retain(|name| *name >= first);
    let mut found = Vec::new();
    for folder in folders {
        if found.len() >= limit {
            break;
        }
        let names = names(&root.join(folder))?;
        let ids = names.iter().filter_map(|name| upload(name.to_str()?));
        let later = ids.filter(|id| after.is_none_or(|after| *id > after));
        found.extend(later.collect::<BTreeSet<MediaId>>());
    }
    found.truncate(limit);
    Ok(found)
}

/// The sorted names in a folder. One that is not a folder, or has been removed, is empty.
fn names(folder: &Path) -> io::Result<BTreeSet<OsString>> {
    match std::fs::read_dir(folder) {
        Ok(entries) => entries
            .map(|entry| entry.map(|entry| entry.file_name()))
            .collect(),
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
            Ok(BTreeSet::new())
        }
        Err(error) => Err(error),
    }
}

fn sweep(path: &Path) -> io::Result<()> {
    for number in 1_u64.. {
        let mut unfinished = path.as_os_str().to_owned();
        unfinished.push(format!("#{number}"));
        match std::fs::remove_file(unfinished) {
            Ok(()) => {}
            // The driver counts from 1, without gaps.
            Err(error) if error.kind() == ErrorKind::NotFound => break,
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::fs::{create_dir, write};

    use domain::port::Blobs as _;
    use domain::port::blobs::{BlobKey, Part};

    use crate::BlobStore;

    #[tokio::test]
    async fn what_was_never_finished_is_found_and_removed() {
        let folder = tempfile::tempdir().unwrap();
        let store = BlobStore::in_folder(folder.path()).unwrap();
        let media = "0195b4a0-0000-7000-8000-000000000001".parse().unwrap();
        let hours = folder.path().join("0195b4");
        create_dir(&hours).unwrap();
        for number in [1, 2] {
            let name = format!("{media}.original#{number}");
            write(hours.join(name), "half of it").unwrap();
        }
        // Foreign files are neither listed nor removed.
        write(folder.path().join("notes.txt"), "mine").unwrap();
        write(hours.join("notes.txt"), "mine").unwrap();

        assert_eq!(store.kept(None, 10).await.unwrap(), [media]);
        let part = Part::Original;
        store.remove(BlobKey { media, part }).await.unwrap();
        assert_eq!(store.kept(None, 10).await.unwrap(), []);
        assert_eq!(std::fs::read_dir(&hours).unwrap().count(), 1);
    }
}
