//! A server that dies and comes back.

use std::time::Duration;

use adapter_postgres::{OpenError, Options, PostgresStore};
use domain::port::Users as _;
use tokio::task::JoinSet;
use tokio::time::sleep;

use super::scene::{
    CONNECTIONS, all_pass_later, all_went_well, every_kind, options, register, store,
};
use crate::watch;

/// Fills the pool: every connection has been used.
async fn warm(store: &PostgresStore) {
    while store.pressure().0 < CONNECTIONS {
        let mut calls = JoinSet::new();
        for _ in 0..CONNECTIONS * 4 {
            let store = store.clone();
            calls.spawn(async move { store.find(&[]).await.unwrap() });
        }
        calls.join_all().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_store_works_after_a_restart() {
    let mut server = servers::Postgres::start();
    let store = store(&server).await;
    let user = register(&store).await.unwrap();
    for _ in 0..3 {
        warm(&store).await;
        server.kill();
        all_pass_later(&every_kind(&store, user).await);

        server.restart();
        for _ in 0..CONNECTIONS {
            all_went_well(every_kind(&store, user).await);
        }
        assert_eq!(store.find(&[user]).await.unwrap().len(), 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_notices_a_restart_while_nothing_was_asked() {
    let mut server = servers::Postgres::start();
    let store = store(&server).await;
    let user = register(&store).await.unwrap();
    for _ in 0..3 {
        warm(&store).await;
        server.restart();
        let calls: JoinSet<_> = (0..CONNECTIONS)
            .map(|_| (store.clone(), user))
            .map(async |(store, user)| every_kind(&store, user).await)
            .collect();
        for answers in calls.join_all().await {
            all_went_well(answers);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_alone_is_alone_again_after_a_restart() {
    let mut server = servers::Postgres::start();
    let alone = Options {
        alone: true,
        ..options()
    };
    let store = PostgresStore::open(&server.url(), alone.clone())
        .await
        .unwrap();
    server.restart();
    while watch::holders(&server.url()).await == 0 {
        sleep(Duration::from_millis(50)).await;
    }
    let second = PostgresStore::open(&server.url(), alone).await;
    assert!(matches!(second.err().unwrap(), OpenError::NotAlone));
    register(&store).await.unwrap();
}
