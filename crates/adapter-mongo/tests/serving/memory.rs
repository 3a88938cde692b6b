//! What the server forgets, and when.

use std::time::Duration;

use domain::Session;
use domain::port::Sessions as _;
use domain::port::sessions::{Rotated, Rotation};
use mongodb::bson::{Document, doc};
use port_contracts::fresh;
use tokio::time::{Instant, sleep};

use crate::ground::Ground;
use crate::scene::{LIFE, SECOND, key, open, rotate, rotation, session, start, today, token};

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_expired_goes_by_itself() {
    let ground = Ground::new().await;
    let store = ground.store();
    let (lasting, _) = open(&store).await;
    let short = Session {
        expires_at: today() + SECOND,
        ..session(fresh(), today())
    };
    let (first, second) = (token(), token());
    store.open(&short, first).await.unwrap();
    let exchange = Rotation {
        expires_at: today() + SECOND,
        ..rotation(first, second, today())
    };
    store.rotate(&exchange).await.unwrap();

    let database = ground.database().await;
    let (sessions, tokens) = (
        database.collection::<Document>("sessions"),
        database.collection::<Document>("refresh_tokens"),
    );
    let patience = Instant::now() + Duration::from_secs(90);
    loop {
        let left = sessions
            .count_documents(doc! { "_id": key(short.id) })
            .await
            .unwrap()
            + tokens
                .count_documents(doc! { "session": key(short.id) })
                .await
                .unwrap();
        if left == 0 {
            break;
        }
        assert!(Instant::now() < patience, "{left} are left");
        sleep(Duration::from_millis(100)).await;
    }
    let left = store.live(&[short.id, lasting.id], start()).await.unwrap();
    assert_eq!(left, [lasting.id]);
    assert_eq!(store.find_by_token(second, today()).await.unwrap(), None);
    let rotated = rotate(&store, second, token(), today()).await;
    assert_eq!(rotated, Rotated::Unknown);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_session_never_outlives_the_memory_of_its_tokens() {
    let ground = Ground::new().await;
    let store = ground.store();
    let (session, first) = open(&store).await;
    let tokens = ground
        .database()
        .await
        .collection::<Document>("refresh_tokens");
    let (mut last, mut now) = (first, start());
    let mut prolonged = 0;
    let mut memory = forgotten_at(&tokens, &session).await;
    for renewals in 1..=12 {
        now = now + LIFE * 2 / 5;
        let replacement = token();
        let renewed = rotate(&store, last, replacement, now).await;
        let Rotated::Renewed(renewed) = renewed else {
            panic!("{renewed:?}")
        };
        let known = tokens
            .count_documents(doc! { "session": key(session.id) })
            .await;
        assert_eq!(known.unwrap(), renewals + 1);
        let forgotten = forgotten_at(&tokens, &session).await;
        assert!(forgotten >= renewed.expires_at.as_millis(), "{renewals}");
        prolonged += usize::from(forgotten != memory);
        (last, memory) = (replacement, forgotten);
    }
    // Not at every renewal, or a long life would cost more each day.
    assert!((1..=8).contains(&prolonged), "{prolonged}");
    let stolen = rotate(&store, first, token(), now).await;
    assert!(matches!(stolen, Rotated::Reused(_)), "{stolen:?}");
}

/// When the first of a session's tokens expires.
async fn forgotten_at(tokens: &mongodb::Collection<Document>, session: &Session) -> i64 {
    let next = tokens
        .find_one(doc! { "session": key(session.id) })
        .sort(doc! { "expires_at": 1 })
        .await;
    let next = next.unwrap().unwrap();
    next.get_datetime("expires_at").unwrap().timestamp_millis()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn no_document_grows_with_the_age_of_a_session() {
    let ground = Ground::new().await;
    let store = ground.store();
    let (session, mut last) = open(&store).await;
    let sessions = ground.database().await.collection::<Document>("sessions");
    let mut sizes = Vec::new();
    for _ in 0..10 {
        let replacement = token();
        rotate(&store, last, replacement, start() + SECOND).await;
        last = replacement;
        let row = sessions.find_one(doc! { "_id": key(session.id) }).await;
        sizes.push(
            mongodb::bson::serialize_to_vec(&row.unwrap().unwrap())
                .unwrap()
                .len(),
        );
    }
    sizes.dedup();
    assert_eq!(sizes.len(), 1, "{sizes:?}");
}
