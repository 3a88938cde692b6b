//! The keys that a server makes for itself: each once, whole, and for nobody else to read.

use std::fs;
use std::io::{self, ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::error::{KeysError, io_error};
use super::find::LEAST_BYTES;

/// A key of which there is one.
#[derive(Clone, Copy)]
pub(super) struct Kind {
    file: &'static str,
    /// How many random bytes it is made of.
    bytes: usize,
    /// What another key would do.
    loss: &'static str,
}

/// Signs access tokens.
pub(super) const TOKENS: Kind = Kind {
    file: "jwt.key",
    bytes: 48,
    loss: "signs everybody out",
};

/// Makes push services and browsers know this server. Any so many bytes are a key.
pub(super) const PUSH: Kind = Kind {
    file: "push.key",
    bytes: 32,
    loss: "ends all subscriptions to pushes",
};

/// Where a key is kept.
pub(super) fn key_file(folder: &Path, kind: Kind) -> PathBuf {
    folder.join(kind.file)
}

/// The key in the folder, made by whoever comes first.
pub(super) fn kept(folder: &Path, kind: Kind) -> Result<(PathBuf, String), KeysError> {
    let (path, loss) = (key_file(folder, kind), kind.loss);
    if !path.try_exists().map_err(io_error(&path, "read"))? {
        keep(folder, &path, &new_secret(kind)?)?;
    }
    // Read back even when just made: of two processes at once, one made it and both must use it.
    let text = fs::read_to_string(&path).map_err(io_error(&path, "read"))?;
    if let Some(mode) = exposed(&path)? {
        return Err(KeysError::Exposed { path, mode, loss });
    }
    let secret = text.trim();
    if secret.len() < LEAST_BYTES {
        return Err(KeysError::Damaged { path, loss });
    }
    Ok((path, secret.to_owned()))
}

/// Writes the key under another name and then gives it its own, which the system does only while
/// nobody has it: there is never half a key, and never a second one.
fn keep(folder: &Path, path: &Path, secret: &str) -> Result<(), KeysError> {
    make_folder(folder).map_err(io_error(folder, "made"))?;
    let write = || -> io::Result<()> {
        // Exclusively made, and for its owner alone.
        let mut file = tempfile::Builder::new()
            .prefix(".new.key.")
            .tempfile_in(folder)?;
        writeln!(file, "{secret}")?;
        file.as_file().sync_all()?;
        match file.persist_noclobber(path) {
            Err(lost) if lost.error.kind() != ErrorKind::AlreadyExists => return Err(lost.error),
            _ => {}
        }
        // The name must outlive a power cut as well as the bytes do.
        if cfg!(unix) {
            fs::File::open(folder)?.sync_all()?;
        }
        Ok(())
    };
    write().map_err(io_error(path, "written"))
}

/// Text rather than bytes, so that it can be carried over into `JWT_SECRET` or `VAPID_PRIVATE_KEY` as it
/// stands.
pub(super) fn new_secret(kind: Kind) -> Result<String, KeysError> {
    let mut bytes = vec![0; kind.bytes];
    getrandom::fill(&mut bytes).map_err(KeysError::Randomness)?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

#[cfg(unix)]
fn make_folder(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt as _;
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
}

#[cfg(not(unix))]
fn make_folder(folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)
}

/// The permissions, where they let others in.
#[cfg(unix)]
pub(super) fn exposed(path: &Path) -> Result<Option<u32>, KeysError> {
    use std::os::unix::fs::PermissionsExt as _;
    let metadata = fs::metadata(path).map_err(io_error(path, "read"))?;
    let mode = metadata.permissions().mode() & 0o777;
    Ok((mode & 0o077 != 0).then_some(mode))
}

#[cfg(not(unix))]
#[expect(
    clippy::unnecessary_wraps,
    reason = "the same shape as where permissions are known"
)]
pub(super) fn exposed(_path: &Path) -> Result<Option<u32>, KeysError> {
    Ok(None)
}

#[cfg(test)]
mod tests {
    use std::sync::Barrier;

    use super::*;

    #[test]
    fn a_key_is_made_once() {
        let folder = tempfile::tempdir().unwrap();
        let (path, first) = kept(folder.path(), TOKENS).unwrap();
        assert_eq!(path, folder.path().join("jwt.key"));
        assert_eq!(first.len(), 64);
        assert_eq!(kept(folder.path(), TOKENS).unwrap().1, first);
        let names: Vec<_> = fs::read_dir(folder.path()).unwrap().collect();
        assert_eq!(names.len(), 1, "nothing is left beside it");
    }

    #[test]
    fn everybody_has_another() {
        let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        assert_ne!(
            kept(one.path(), TOKENS).unwrap().1,
            kept(other.path(), TOKENS).unwrap().1
        );
    }

    #[test]
    fn a_race_ends_with_one_key() {
        let folder = tempfile::tempdir().unwrap();
        let start = Barrier::new(16);
        let mut keys = std::thread::scope(|scope| {
            let race = || {
                start.wait();
                kept(folder.path(), TOKENS).unwrap().1
            };
            let racers: Vec<_> = (0..16).map(|_| scope.spawn(race)).collect();
            racers
                .into_iter()
                .map(|racer| racer.join().unwrap())
                .collect::<Vec<_>>()
        });
        keys.dedup();
        assert_eq!(keys.len(), 1);
    }

    #[test]
    fn a_damaged_key_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let (path, _) = kept(folder.path(), TOKENS).unwrap();
        fs::write(&path, "short\n").unwrap();
        assert!(matches!(
            kept(folder.path(), TOKENS),
            Err(KeysError::Damaged { .. })
        ));
    }

    #[test]
    fn a_folder_that_cannot_be_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        fs::write(&file, "").unwrap();
        let refusal = kept(&file.join("data"), TOKENS).unwrap_err().to_string();
        assert!(refusal.contains("file/data"), "{refusal}");
    }

    #[cfg(unix)]
    #[test]
    fn only_its_owner_reads_it() {
        use std::os::unix::fs::PermissionsExt as _;

        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        let (path, _) = kept(&data, TOKENS).unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&path), mode(&data)), (0o600, 0o700));

        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        let refusal = kept(&data, TOKENS).unwrap_err();
        assert!(matches!(refusal, KeysError::Exposed { mode: 0o640, .. }));
        assert!(refusal.to_string().contains("chmod 600"), "{refusal}");
    }
}
