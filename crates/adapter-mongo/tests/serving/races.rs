//! Several nodes, each with connections of its own, and everything at the same moment.

use adapter_mongo::MongoStore;
use domain::TokenDigest;
use domain::port::sessions::Rotated;
use domain::port::{Probe as _, Sessions as _};
use mongodb::bson::{Document, doc};
use port_contracts::{CROWD, ROUNDS, at_once, fresh};
use tokio::join;

use crate::ground::Ground;
use crate::scene::{GRACE, SECOND, lives, open, rotate, session, start, token};

fn nodes(ground: &Ground) -> Vec<MongoStore> {
    (0..4).map(|_| ground.store()).collect()
}

fn node(nodes: &[MongoStore], number: usize) -> MongoStore {
    nodes[number % nodes.len()].clone()
}

async fn crowd_renews(
    nodes: &[MongoStore],
    presented: TokenDigest,
    replacement: TokenDigest,
) -> Vec<Rotated> {
    at_once(CROWD, |number| {
        let store = node(nodes, number);
        async move { rotate(&store, presented, replacement, start() + SECOND).await }
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_nodes_with_one_token_one_renews() {
    let ground = Ground::new().await;
    let nodes = nodes(&ground);
    let (session, mut presented) = open(&nodes[0]).await;
    for _ in 0..ROUNDS {
        let replacement = token();
        let rotated = crowd_renews(&nodes, presented, replacement).await;
        let renewed = rotated
            .iter()
            .filter(|it| matches!(it, Rotated::Renewed(_)));
        let repeated = rotated
            .iter()
            .filter(|it| matches!(it, Rotated::Repeated(_)));
        assert_eq!((renewed.count(), repeated.count()), (1, CROWD - 1));
        assert!(lives(&nodes[1], &session, replacement).await);
        presented = replacement;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_session_that_was_ended_stays_ended_whoever_renews_it() {
    let ground = Ground::new().await;
    let nodes = nodes(&ground);
    for _ in 0..ROUNDS {
        let (session, presented) = open(&nodes[0]).await;
        let replacement = token();
        let (renewing, ending) = (
            crowd_renews(&nodes, presented, replacement),
            nodes[3].end(session.id, session.user, start()),
        );
        let (_, ended) = join!(renewing, ending);
        assert!(ended.unwrap());
        assert_eq!(nodes[3].live(&[session.id], start()).await.unwrap(), []);
        assert!(!lives(&nodes[1], &session, replacement).await);
        let rotated = rotate(&nodes[2], presented, replacement, start()).await;
        assert_eq!(rotated, Rotated::Revoked);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_theft_is_told_once() {
    let ground = Ground::new().await;
    let nodes = nodes(&ground);
    let (session, first) = open(&nodes[0]).await;
    rotate(&nodes[0], first, token(), start()).await;
    let late = start() + GRACE + SECOND;
    let rotated = at_once(CROWD, |number| {
        let store = node(&nodes, number);
        async move { rotate(&store, first, token(), late).await }
    })
    .await;
    let reused = rotated.iter().filter(|it| matches!(it, Rotated::Reused(_)));
    assert_eq!(reused.count(), 1);
    let revoked = rotated.iter().filter(|it| **it == Rotated::Revoked);
    assert_eq!(revoked.count(), CROWD - 1);
    assert_eq!(nodes[1].live(&[session.id], start()).await.unwrap(), []);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_nodes_may_come_up_in_an_empty_database_at_once() {
    let ground = Ground::new().await;
    let user = fresh();
    at_once(8, |_| {
        let store = ground.store();
        async move {
            store.check().await.unwrap();
            store.open(&session(user, start()), token()).await.unwrap();
        }
    })
    .await;
    let sessions = ground.database().await.collection::<Document>("sessions");
    let names = sessions.list_index_names().await.unwrap();
    assert_eq!(names, ["_id_", "by_user", "by_endpoint", "lapse"]);
    let listed = ground.store().of_user(user, start()).await.unwrap();
    assert_eq!(listed.len(), 8);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn however_many_somebody_opened_all_end() {
    let ground = Ground::new().await;
    let store = ground.store();
    let (kept, _) = open(&store).await;
    let sessions = ground.database().await.collection::<Document>("sessions");
    let row = sessions.find_one(doc! {}).await.unwrap().unwrap();
    let many = (0..10_500).map(|_| {
        let mut row = row.clone();
        row.insert("_id", crate::scene::key(fresh::<domain::SessionId>()));
        row
    });
    sessions.insert_many(many).await.unwrap();

    let ended = store
        .end_all(kept.user, Some(kept.id), start())
        .await
        .unwrap();
    assert_eq!(ended.len(), 10_500);
    assert_eq!(store.live(&ended, start()).await.unwrap(), []);
    assert_eq!(store.of_user(kept.user, start()).await.unwrap(), [kept]);
}
