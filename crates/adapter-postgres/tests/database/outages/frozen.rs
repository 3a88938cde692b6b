//! A server that is unreachable: connections stay open, and nothing answers.

use std::time::{Duration, Instant};

use diesel_async::SimpleAsyncConnection as _;
use domain::Retry;
use domain::port::{Probe as _, Users as _};
use port_contracts::at;
use tokio::time::timeout;

use super::scene::{
    CONNECTIONS, all_pass_later, all_went_well, every_kind, options, register, store, works_again,
};
use crate::watch::connect;

#[tokio::test(flavor = "multi_thread")]
async fn nobody_waits_for_a_server_that_is_out_of_reach() {
    let server = servers::Postgres::start();
    let store = store(&server).await;
    let user = register(&store).await.unwrap();

    server.freeze();
    // At first on existing connections, later on new ones.
    for _ in 0..3 {
        let begun = Instant::now();
        all_pass_later(&every_kind(&store, user).await);
        // On a busy machine; without a timeout nothing would answer at all.
        let longest = options().statement_timeout + Duration::from_secs(30);
        assert!(begun.elapsed() < longest, "{:?}", begun.elapsed());
    }

    server.thaw();
    works_again(&store).await;
    all_went_well(every_kind(&store, user).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn many_who_gave_up_leave_room_for_others() {
    let server = servers::Postgres::start();
    let store = store(&server).await;
    let user = register(&store).await.unwrap();

    server.freeze();
    let mut waiting = tokio::task::JoinSet::new();
    for _ in 0..CONNECTIONS * 8 {
        let store = store.clone();
        waiting.spawn(async move { store.find(&[user]).await.map(drop) });
    }
    all_pass_later(&waiting.join_all().await);

    server.thaw();
    works_again(&store).await;
    for _ in 0..CONNECTIONS {
        all_went_well(every_kind(&store, user).await);
    }
    let (all, _free, waiting) = store.pressure();
    assert!(all <= CONNECTIONS && waiting == 0, "{all} {waiting}");
}

/// A cancelled call leaves no lock behind.
#[tokio::test(flavor = "multi_thread")]
async fn who_went_away_holds_nobody_up() {
    let server = servers::Postgres::start();
    let store = store(&server).await;
    let user = register(&store).await.unwrap();
    let mut other = connect(&server.url()).await;
    let held = "BEGIN; SELECT FROM users FOR UPDATE";
    other.batch_execute(held).await.unwrap();

    let erasing = timeout(Duration::from_millis(100), store.erase(user, at(9)));
    assert!(erasing.await.is_err());
    let failure = store.erase(user, at(9)).await.unwrap_err();
    assert_ne!(failure.retry, Retry::Useless);
    drop(other);
    // Each attempt waits for the lock.
    while store.erase(user, at(9)).await.is_err() {}
    assert!(store.check().await.is_ok());
}
