//! A store in a temporary folder, and users to put into it.

use std::path::PathBuf;

use domain::port::rooms::NewRoom;
use domain::port::users::NewUser;
use domain::port::{Rooms as _, Users as _};
use domain::{DisplayName, Email, History, PasswordHash, RoomId, RoomName, UserId, Username};
use port_contracts::{at, fresh, unique};
use tempfile::TempDir;

use crate::{Options, SqliteStore};

/// A store and its folder.
pub(crate) struct Ground {
    pub(crate) store: SqliteStore,
    folder: TempDir,
}

impl Ground {
    pub(crate) fn new() -> Self {
        Self::with(Options::default())
    }

    pub(crate) fn with(options: Options) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = SqliteStore::open(folder.path().join("tertulia.db"), options).unwrap();
        Self { store, folder }
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.folder.path().join("tertulia.db")
    }

    /// Registers a user.
    pub(crate) async fn user(&self) -> UserId {
        let new = person();
        self.store.register(&new).await.unwrap();
        new.id
    }

    /// Creates a public room for a user.
    pub(crate) async fn room(&self, owner: UserId) -> RoomId {
        let new = NewRoom {
            id: fresh(),
            name: RoomName::parse(unique("room ")).unwrap(),
            description: None,
            standing_invite: None,
            history: History::All,
            owner,
            members: Vec::new(),
            unique_name: false,
            at: at(0),
            events: Vec::new(),
        };
        self.store.create(&new).await.unwrap();
        new.id
    }
}

/// A user with a fresh name.
pub(crate) fn person() -> NewUser {
    let name = unique("u");
    NewUser {
        id: fresh(),
        username: Username::parse(&name).unwrap(),
        display_name: DisplayName::parse(&name).unwrap(),
        email: Email::parse(format!("{name}@example.org")).unwrap(),
        password: PasswordHash::from_string("hash".to_owned()),
        at: at(0),
    }
}
