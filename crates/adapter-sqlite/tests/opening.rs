//! Opening a store: what is found there, what is changed, and what stays.

#![expect(
    clippy::unwrap_used,
    clippy::tests_outside_test_module,
    reason = "nothing but tests is in here"
)]

use std::fs;
use std::path::{Path, PathBuf};

use adapter_sqlite::{OpenError, Options, SqliteStore};
use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use domain::port::users::{NewUser, Registered};
use domain::port::{RoomLog as _, Users as _};
use domain::{DisplayName, Email, Epoch, PasswordHash, UserId, Username};
use port_contracts::{at, fresh, unique};

fn open(path: &Path) -> Result<SqliteStore, OpenError> {
    SqliteStore::open(path, Options::default())
}

/// Another program's connection.
fn stranger(path: &Path) -> SqliteConnection {
    SqliteConnection::establish(path.to_str().unwrap()).unwrap()
}

async fn register(store: &SqliteStore) -> UserId {
    let name = unique("u");
    let new = NewUser {
        id: fresh(),
        username: Username::parse(&name).unwrap(),
        display_name: DisplayName::parse(&name).unwrap(),
        email: Email::parse(format!("{name}@example.org")).unwrap(),
        password: PasswordHash::from_string("hash".to_owned()),
        at: at(0),
    };
    let registered = store.register(&new).await.unwrap();
    assert!(matches!(registered, Registered::Created(_)));
    new.id
}

#[tokio::test]
async fn what_was_acknowledged_is_there_after_a_crash() {
    let ground = tempfile::tempdir().unwrap();
    let path = ground.path().join("tertulia.db");
    let store = open(&path).unwrap();
    let mut people = Vec::new();
    for _ in 0..20 {
        people.push(register(&store).await);
    }
    let epoch = store.epoch().await.unwrap();

    // A copy of the files as they are now, without an orderly shutdown.
    let wreck = ground.path().join("wreck.db");
    fs::copy(&path, &wreck).unwrap();
    let log = path.with_extension("db-wal");
    assert!(log.metadata().unwrap().len() > 0);
    fs::copy(&log, wreck.with_extension("db-wal")).unwrap();
    let risen = open(&wreck).unwrap();
    assert_eq!(risen.find(&people).await.unwrap().len(), people.len());
    assert_eq!(risen.epoch().await.unwrap(), epoch);
    register(&risen).await;
}

#[tokio::test]
async fn what_was_torn_while_it_was_written_was_never_acknowledged() {
    let ground = tempfile::tempdir().unwrap();
    let path = ground.path().join("tertulia.db");
    let store = open(&path).unwrap();
    let acknowledged = register(&store).await;
    let wreck = ground.path().join("wreck.db");
    fs::copy(&path, &wreck).unwrap();
    let log = path.with_extension("db-wal");
    let whole = log.metadata().unwrap().len();
    register(&store).await;

    // The power fails in the middle of the next commit.
    let mut torn = fs::read(&log).unwrap();
    let end = usize::try_from(whole).unwrap();
    assert!(torn.len() > end);
    torn.truncate(torn.len() - (torn.len() - end) / 2);
    fs::write(wreck.with_extension("db-wal"), torn).unwrap();
    let risen = open(&wreck).unwrap();
    assert_eq!(risen.find(&[acknowledged]).await.unwrap().len(), 1);
    register(&risen).await;
}

#[tokio::test]
async fn a_store_that_was_dropped_can_be_opened_again() {
    let ground = tempfile::tempdir().unwrap();
    let path = ground.path().join("new/folder/tertulia.db");
    let store = open(&path).unwrap();
    let user = register(&store).await;
    let epoch = store.epoch().await.unwrap();
    drop(store);

    let store = open(&path).unwrap();
    assert_eq!(store.find(&[user]).await.unwrap().len(), 1);
    assert_eq!(store.epoch().await.unwrap(), epoch);
}

#[test]
fn two_stores_differ_in_their_epochs() {
    let ground = tempfile::tempdir().unwrap();
    let epoch = |name: &str| -> String {
        drop(open(&ground.path().join(name)).unwrap());
        let mut file = stranger(&ground.path().join(name));
        let select = "SELECT value FROM meta WHERE key = 'epoch'";
        diesel::dsl::sql::<diesel::sql_types::Text>(select)
            .get_result(&mut file)
            .unwrap()
    };
    assert_ne!(epoch("one.db"), epoch("other.db"));
}

#[tokio::test]
async fn a_database_from_a_backup_is_given_another_epoch() {
    let ground = tempfile::tempdir().unwrap();
    let path = ground.path().join("tertulia.db");
    let store = open(&path).unwrap();
    let user = register(&store).await;
    let epoch = Epoch::parse("another").unwrap();
    let renewed = SqliteStore::renew(&path, &epoch);
    assert!(matches!(renewed, Err(OpenError::InUse { .. })));
    assert_ne!(store.epoch().await.unwrap(), epoch);
    drop(store);

    SqliteStore::renew(&path, &epoch).unwrap();
    let store = open(&path).unwrap();
    assert_eq!(store.epoch().await.unwrap(), epoch);
    assert_eq!(store.find(&[user]).await.unwrap().len(), 1);
}

#[test]
fn a_database_is_one_processs_own() {
    let ground = tempfile::tempdir().unwrap();
    let path = ground.path().join("tertulia.db");
    let store = open(&path).unwrap();
    assert!(matches!(open(&path), Err(OpenError::InUse { .. })));
    let migrated = SqliteStore::migrate(&path);
    assert!(matches!(migrated, Err(OpenError::InUse { .. })));
    // Looking at it needs no lock.
    assert_eq!(SqliteStore::pending(&path).unwrap(), Vec::<String>::new());
    drop(store);
    open(&path).unwrap();
}

#[test]
fn a_database_that_another_program_has_locked_is_in_use() {
    let ground = tempfile::tempdir().unwrap();
    let path = ground.path().join("tertulia.db");
    let mut other = stranger(&path);
    other.batch_execute("BEGIN EXCLUSIVE").unwrap();
    assert!(matches!(open(&path), Err(OpenError::InUse { .. })));
    other.batch_execute("ROLLBACK").unwrap();
    open(&path).unwrap();
}

#[test]
fn what_is_no_database_is_left_alone() {
    let ground = tempfile::tempdir().unwrap();
    let path = ground.path().join("tertulia.db");
    let letter = "Dear Ana, this is a letter and no database. ".repeat(200);
    fs::write(&path, &letter).unwrap();
    assert!(matches!(open(&path), Err(OpenError::NotADatabase { .. })));
    let pending = SqliteStore::pending(&path);
    assert!(matches!(pending, Err(OpenError::NotADatabase { .. })));
    assert_eq!(fs::read_to_string(&path).unwrap(), letter);
}

#[test]
fn another_programs_database_is_refused() {
    let ground = tempfile::tempdir().unwrap();
    let path = ground.path().join("tertulia.db");
    let mut other = stranger(&path);
    other
        .batch_execute("CREATE TABLE recipes (name TEXT)")
        .unwrap();
    assert!(matches!(open(&path), Err(OpenError::NotADatabase { .. })));
    let migrated = SqliteStore::migrate(&path);
    assert!(matches!(migrated, Err(OpenError::NotADatabase { .. })));
}

#[test]
fn a_newer_database_is_refused_by_the_name_of_what_is_new() {
    let ground = tempfile::tempdir().unwrap();
    let path = ground.path().join("tertulia.db");
    drop(open(&path).unwrap());
    stranger(&path)
        .batch_execute("INSERT INTO __diesel_schema_migrations (version) VALUES ('9001')")
        .unwrap();

    for refusal in [
        open(&path).err().unwrap(),
        SqliteStore::migrate(&path).unwrap_err(),
        SqliteStore::pending(&path).unwrap_err(),
    ] {
        assert!(matches!(refusal, OpenError::Newer { .. }));
        assert!(refusal.to_string().contains("9001"), "{refusal}");
    }
}

#[test]
fn migrating_says_what_it_did_and_does_it_once() {
    let ground = tempfile::tempdir().unwrap();
    let path = ground.path().join("tertulia.db");
    let pending = SqliteStore::pending(&path).unwrap();
    assert!(!pending.is_empty());
    assert!(!path.exists());
    assert_eq!(SqliteStore::migrate(&path).unwrap(), pending);
    assert_eq!(SqliteStore::pending(&path).unwrap(), Vec::<String>::new());
    assert_eq!(SqliteStore::migrate(&path).unwrap(), Vec::<String>::new());
}

#[cfg(target_os = "linux")]
#[test]
fn a_folder_that_cannot_be_written_to_is_named() {
    let ground = tempfile::tempdir().unwrap();
    let folder = unwritable(ground.path());
    for path in [folder.join("tertulia.db"), folder.join("new/tertulia.db")] {
        let refusal = open(&path).err().unwrap();
        assert!(matches!(refusal, OpenError::ReadOnly { .. }), "{refusal:?}");
        assert!(refusal.to_string().contains(folder.to_str().unwrap()));
    }
}

/// A folder without write permission. Even root cannot write to one that the kernel provides.
#[cfg(target_os = "linux")]
fn unwritable(ground: &Path) -> PathBuf {
    use std::os::unix::fs::PermissionsExt as _;

    fs::set_permissions(ground, fs::Permissions::from_mode(0o500)).unwrap();
    if fs::write(ground.join("probe"), "").is_err() {
        return ground.to_owned();
    }
    PathBuf::from("/sys")
}

#[cfg(unix)]
#[tokio::test]
async fn what_is_stored_is_its_owners_only() {
    use std::os::unix::fs::PermissionsExt as _;

    let ground = tempfile::tempdir().unwrap();
    let folder = ground.path().join("data");
    let store = open(&folder.join("tertulia.db")).unwrap();
    register(&store).await;
    let mode = |path: &Path| path.metadata().unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&folder), 0o700);
    let files: Vec<_> = fs::read_dir(&folder).unwrap().map(Result::unwrap).collect();
    assert!(files.len() >= 3, "{files:?}");
    for file in files {
        assert_eq!(mode(&file.path()), 0o600, "{file:?}");
    }
}
