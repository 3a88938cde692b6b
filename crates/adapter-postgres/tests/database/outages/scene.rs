//! A private server with a store on it, and calls of every kind.

use std::time::Duration;

use adapter_postgres::{Options, PostgresStore};
use domain::port::users::{NewUser, Registered};
use domain::port::{Outbox as _, Probe as _, Users as _};
use domain::{DisplayName, Email, Failure, PasswordHash, Retry, UserId, Username};
use port_contracts::{at, fresh, unique};
use tokio::time::sleep;

/// Connections of a store.
pub(super) const CONNECTIONS: usize = 8;

/// Short timeouts, to keep the tests fast.
pub(super) fn options() -> Options {
    Options {
        connections: CONNECTIONS,
        acquire_timeout: Duration::from_secs(1),
        statement_timeout: Duration::from_secs(1),
        lock_timeout: Duration::from_millis(500),
        ..Options::default()
    }
}

pub(super) async fn store(server: &servers::Postgres) -> PostgresStore {
    PostgresStore::open(&server.url(), options()).await.unwrap()
}

/// Registers somebody.
pub(super) async fn register(store: &PostgresStore) -> Result<UserId, Failure> {
    let name = unique("u");
    let new = NewUser {
        id: fresh(),
        username: Username::parse(&name).unwrap(),
        display_name: DisplayName::parse(&name).unwrap(),
        email: Email::parse(format!("{name}@example.org")).unwrap(),
        password: PasswordHash::from_string("hash".to_owned()),
        at: at(0),
    };
    let registered = store.register(&new).await?;
    assert!(
        matches!(registered, Registered::Created(_)),
        "{registered:?}"
    );
    Ok(new.id)
}

/// One call of each kind: a read, a snapshot, a change, a transaction, and a health check.
pub(super) async fn every_kind(store: &PostgresStore, user: UserId) -> Vec<Result<(), Failure>> {
    let (read, snapshot, change, transaction, probe) = tokio::join!(
        async { store.find(&[user]).await.map(drop) },
        async { store.backlog().await.map(drop) },
        async { store.seen(&[(user, at(1))]).await },
        async { register(store).await.map(drop) },
        async { store.check().await },
    );
    vec![read, snapshot, change, transaction, probe]
}

/// Waits until the store works again, since a restarted server may have much to recover.
pub(super) async fn works_again(store: &PostgresStore) {
    while store.check().await.is_err() {
        sleep(Duration::from_millis(20)).await;
    }
}

/// All of these failures are temporary.
pub(super) fn all_pass_later(answers: &[Result<(), Failure>]) {
    for answer in answers {
        let failure = answer.as_ref().unwrap_err();
        assert_ne!(failure.retry, Retry::Useless, "{failure:?}");
    }
}

/// All of these went well.
pub(super) fn all_went_well(answers: Vec<Result<(), Failure>>) {
    for answer in answers {
        answer.unwrap();
    }
}
