//! Every obligation of every port that this adapter serves, each on a new database.

#![expect(
    clippy::unwrap_used,
    clippy::tests_outside_test_module,
    reason = "nothing but tests is in here"
)]

mod ground;

use std::sync::Arc;

use adapter_postgres::{Options, PostgresStore};
use domain::port::Probe;
use port_contracts::{Kept, Probes};

use ground::Ground;

async fn probe() -> Kept<Probes> {
    let (ground, other) = (Ground::new().await, Ground::new().await);
    let closed = other.store().await;
    closed.close().await;
    let working: Vec<Arc<dyn Probe>> = vec![Arc::new(ground.store().await)];
    let away: Vec<Arc<dyn Probe>> = vec![Arc::new(closed)];
    Kept::on(Probes { working, away }, (ground, other))
}

port_contracts::probe!(probe);

fn alone() -> Options {
    Options {
        alone: true,
        ..Options::default()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_servers_may_start_at_once() {
    let ground = Ground::new().await;
    let mut starting = tokio::task::JoinSet::new();
    for _ in 0..10 {
        let url = ground.url();
        starting.spawn(async move { PostgresStore::migrate(&url).await.unwrap() });
    }
    let applied = starting.join_all().await;
    let by = applied.iter().filter(|steps| !steps.is_empty()).count();
    assert_eq!(by, 1, "{applied:?}");
    assert!(
        PostgresStore::pending(&ground.url())
            .await
            .unwrap()
            .is_empty()
    );
}

#[tokio::test]
async fn who_is_alone_suffers_no_other() {
    let ground = Ground::new().await;
    let first = PostgresStore::open(&ground.url(), alone()).await.unwrap();
    let (url, options) = (ground.url(), Options::default());
    let second = tokio::spawn(async move { PostgresStore::open(&url, options).await });
    // It waits for one that is about to stop.
    first.close().await;
    let second = second.await.unwrap().unwrap();
    assert!(second.check().await.is_ok());
}
