//! Checks of this machine.

use std::io::ErrorKind;
use std::net::TcpListener;
use std::path::Path;

use adapter_sqlite::SqliteStore;

use super::backends;
use super::finding::Finding;
use crate::keys::Keys;
use crate::settings::{Settings, Store};

/// The settings could be read.
pub(super) fn settings(settings: &Settings) -> Finding {
    Finding::fine("settings", format!("read, profile {}", settings.profile))
}

/// Whether the data folder is writable, or can be created.
pub(super) fn folder(settings: &Settings) -> Finding {
    const PART: &str = "folder";
    let folder = &settings.data_dir;
    let shown = folder.display();
    let Ok(whole) = std::path::absolute(folder) else {
        return Finding::wrong(PART, "data_dir is empty: name a folder");
    };
    let Some(ground) = whole.ancestors().find(|folder| folder.exists()) else {
        return Finding::wrong(
            PART,
            format!("{shown} cannot be created: choose another data_dir"),
        );
    };
    if !ground.is_dir() {
        let ground = ground.display();
        let sentence = format!("{ground} is a file: choose another data_dir, or move it away");
        return Finding::wrong(PART, sentence);
    }
    match tempfile::tempfile_in(ground) {
        Ok(_file) if ground == whole => Finding::fine(PART, format!("{shown} can be written to")),
        Ok(_file) => Finding::fine(PART, format!("{shown} will be made at the first start")),
        Err(error) => Finding::wrong(
            PART,
            format!(
                "{} cannot be written to ({error}): let the user that runs Tertulia write there, or \
                 choose another data_dir",
                ground.display()
            ),
        ),
    }
}

/// Whether the database is ours, and up to date.
pub(super) fn database(settings: &Settings) -> Finding {
    const PART: &str = "database";
    match settings.store() {
        Store::Memory => Finding::note(PART, "in memory: everything is gone when the server stops"),
        Store::Sqlite(path) => sqlite(&path),
        Store::Postgres(url) => backends::postgres(&url),
    }
}

fn sqlite(path: &Path) -> Finding {
    const PART: &str = "database";
    let shown = path.display();
    if !path.exists() {
        return Finding::fine(PART, format!("{shown} will be made at the first start"));
    }
    match SqliteStore::pending(path) {
        Ok(pending) if pending.is_empty() => Finding::fine(PART, format!("{shown} is up to date")),
        Ok(pending) => Finding::note(
            PART,
            format!(
                "{shown} will be brought up to date at the next start, or by `tertulia migrate`: {}",
                pending.join(", ")
            ),
        ),
        Err(error) => Finding::wrong(PART, format!("{:#}", anyhow::Error::new(error))),
    }
}

/// Whether the keys are there and usable.
pub(super) fn keys(settings: &Settings) -> Vec<Finding> {
    const PART: &str = "keys";
    if let Some(path) = Keys::to_be_made(settings) {
        let sentence = format!("{} will be made at the first start", path.display());
        return vec![Finding::fine(PART, sentence)];
    }
    match Keys::find(settings) {
        Ok(keys) if keys.warnings.is_empty() => vec![Finding::fine(PART, "found")],
        Ok(keys) => keys
            .warnings
            .into_iter()
            .map(|warning| Finding::note(PART, warning))
            .collect(),
        Err(error) => vec![Finding::wrong(
            PART,
            format!("{:#}", anyhow::Error::new(error)),
        )],
    }
}

/// Whether the port is free.
pub(super) fn address(settings: &Settings) -> Finding {
    const PART: &str = "address";
    let (host, port) = (&settings.http.host, settings.http.port);
    match TcpListener::bind((host.as_str(), port)) {
        Ok(_listener) => Finding::fine(PART, format!("{host}:{port} is free")),
        Err(error) if error.kind() == ErrorKind::AddrInUse => Finding::note(
            PART,
            format!("{host}:{port} is in use: unless that is this server, set PORT"),
        ),
        Err(error) => Finding::wrong(
            PART,
            format!("cannot listen on {host}:{port} ({error}): set HOST and PORT"),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::super::finding::State;
    use super::*;
    use crate::settings::{Environment, load};

    fn read(folder: &Path, port: u16) -> Settings {
        let environment: Environment = [
            ("DATA_DIR", folder.to_str().unwrap()),
            ("PORT", &port.to_string()),
        ]
        .into_iter()
        .collect();
        load(&environment, Path::new("/nowhere")).unwrap()
    }

    #[test]
    fn looking_makes_nothing() {
        let ground = tempfile::tempdir().unwrap();
        let settings = read(&ground.path().join("data"), 0);
        assert_eq!(folder(&settings).state, State::Fine);
        assert_eq!(database(&settings).state, State::Fine);
        assert_eq!(keys(&settings)[0].state, State::Fine);
        assert_eq!(ground.path().read_dir().unwrap().count(), 0);
    }

    #[test]
    fn a_file_in_the_place_of_the_folder_is_wrong() {
        let ground = tempfile::tempdir().unwrap();
        let file = ground.path().join("data");
        std::fs::write(&file, "not a folder").unwrap();
        let finding = folder(&read(&file, 0));
        assert_eq!(finding.state, State::Wrong);
        assert!(finding.to_string().contains("is a file"), "{finding}");
    }

    #[test]
    fn a_file_that_is_no_database_is_wrong() {
        let ground = tempfile::tempdir().unwrap();
        std::fs::write(
            ground.path().join("tertulia.db"),
            "a shopping list, long enough",
        )
        .unwrap();
        let finding = database(&read(ground.path(), 0));
        assert_eq!(finding.state, State::Wrong);
        assert!(finding.to_string().contains("not a database"), "{finding}");
    }

    #[test]
    fn a_key_that_is_too_short_is_wrong() {
        let ground = tempfile::tempdir().unwrap();
        std::fs::write(ground.path().join("jwt.key"), "short").unwrap();
        assert_eq!(keys(&read(ground.path(), 0))[0].state, State::Wrong);
    }

    #[test]
    fn a_taken_port_is_told() {
        let ground = tempfile::tempdir().unwrap();
        let taken = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = taken.local_addr().unwrap().port();
        assert_eq!(address(&read(ground.path(), port)).state, State::Note);
    }
}
