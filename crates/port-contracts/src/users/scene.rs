//! Helpers for tests of accounts.

use domain::port::users::{Account, Login, NewUser, ProfileChange, ProfileChanged, Registered};
use domain::{DisplayName, Email, PasswordHash, User, UserId, Username};

use crate::{Store, at, fresh, unique};

/// A user who has not registered yet.
pub(super) fn newcomer() -> NewUser {
    let name = unique("n");
    NewUser {
        id: fresh(),
        username: username(&name),
        display_name: DisplayName::parse(format!("Ñ {name}")).unwrap(),
        email: Email::parse(format!("{name}@example.org")).unwrap(),
        password: hash("first"),
        at: at(7),
    }
}

pub(super) fn username(name: &str) -> Username {
    Username::parse(name).unwrap()
}

pub(super) fn hash(text: &str) -> PasswordHash {
    PasswordHash::from_string(text.to_owned())
}

pub(super) fn created(answer: Registered) -> User {
    match answer {
        Registered::Created(user) => user,
        other => panic!("{other:?}"),
    }
}

pub(super) async fn user(store: &Store, id: UserId) -> User {
    let mut found = store.users.find(&[id]).await.unwrap();
    assert_eq!(found.len(), 1);
    found.remove(0)
}

pub(super) async fn account(store: &Store, login: &Login) -> Option<Account> {
    store.users.account(login).await.unwrap()
}

pub(super) async fn change(store: &Store, id: UserId, change: &ProfileChange) -> User {
    match store.users.change_profile(id, change).await.unwrap() {
        ProfileChanged::Changed(user) => user,
        other => panic!("{other:?}"),
    }
}
