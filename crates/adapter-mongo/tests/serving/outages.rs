//! Servers that go away and come back, with the same store throughout.

use std::time::{Duration, Instant};

use adapter_mongo::{MongoStore, Options};
use domain::port::sessions::Rotated;
use domain::port::{Probe as _, Sessions as _};
use domain::{Retry, TokenDigest};
use servers::Mongo;
use tokio::task::spawn_blocking;

use crate::away::nothing_answers;
use crate::scene::{open, rotate, rotation, session, start, today, token};

/// How long a store may take to notice that its server is back, on a busy machine.
const BACK: Duration = Duration::from_mins(1);

async fn started() -> Mongo {
    spawn_blocking(Mongo::start).await.unwrap()
}

async fn restarted(mut server: Mongo) -> Mongo {
    let again = move || {
        server.restart();
        server
    };
    spawn_blocking(again).await.unwrap()
}

fn store(server: &Mongo) -> MongoStore {
    MongoStore::new(&server.url(), Options::default()).unwrap()
}

/// Waits for the server: each question waits until the driver has found it again, or gives up.
async fn back(store: &MongoStore) {
    let since = Instant::now();
    while let Err(failure) = store.check().await {
        assert!(since.elapsed() < BACK, "{}", failure.chain());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_server_that_stands_still_fails_calls_in_time_and_goes_on() {
    let server = started().await;
    let (store, fresh) = (store(&server), store(&server));
    let (opened, first) = open(&store).await;
    server.freeze();
    // Long enough for the driver to notice too; and again with a store that was never used before.
    for _ in 0..3 {
        nothing_answers(&store).await;
    }
    nothing_answers(&fresh).await;
    server.thaw();
    back(&store).await;
    back(&fresh).await;
    assert_eq!(
        store.live(&[opened.id], start()).await.unwrap(),
        [opened.id]
    );
    let renewed = rotate(&fresh, first, token(), start()).await;
    assert!(matches!(renewed, Rotated::Renewed(_)), "{renewed:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_was_acknowledged_survives_a_killed_server() {
    let mut server = started().await;
    let store = store(&server);
    let (kept, first) = open(&store).await;
    let (ended, other) = open(&store).await;
    let second = token();
    rotate(&store, first, second, start()).await;
    assert!(store.end(ended.id, ended.user, start()).await.unwrap());
    server.kill();
    nothing_answers(&store).await;
    let _server = restarted(server).await;
    back(&store).await;

    let both = [kept.id, ended.id];
    assert_eq!(store.live(&both, start()).await.unwrap(), [kept.id]);
    let rotated = rotate(&store, other, token(), start()).await;
    assert_eq!(rotated, Rotated::Revoked);
    let renewed = rotate(&store, second, token(), start()).await;
    assert!(matches!(renewed, Rotated::Renewed(_)), "{renewed:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_server_that_comes_after_the_store_is_found() {
    let mut server = started().await;
    server.kill();
    let store = store(&server);
    nothing_answers(&store).await;
    let _server = restarted(server).await;
    back(&store).await;
    open(&store).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn clients_that_ask_all_along_are_neither_thrown_out_nor_stuck() {
    let server = started().await;
    let store = store(&server);
    back(&store).await;
    let (opened, mut presented) = (session(port_contracts::fresh(), today()), token());
    store.open(&opened, presented).await.unwrap();
    for frozen in [false, true, true, false, true] {
        if frozen {
            server.freeze();
        }
        let replacement = token();
        // The client retries until it is answered, always with the same token.
        while !renews(&store, presented, replacement).await {
            server.thaw();
        }
        presented = replacement;
    }
    let live = store.live(&[opened.id], today()).await.unwrap();
    assert_eq!(live, [opened.id]);
}

/// Whether a client is answered; it must never be told that its valid token is not.
async fn renews(store: &MongoStore, presented: TokenDigest, replacement: TokenDigest) -> bool {
    let exchange = rotation(presented, replacement, today());
    match store.rotate(&exchange).await {
        Ok(Rotated::Renewed(_) | Rotated::Repeated(_)) => true,
        Ok(refused) => panic!("{refused:?}"),
        Err(failure) => {
            assert_eq!(failure.retry, Retry::Worthwhile);
            false
        }
    }
}
