//! Documents that this adapter did not write, or would write differently.

use domain::port::sessions::Rotated;
use domain::port::{Profiles as _, Sessions as _};
use domain::{Failure, Retry};
use mongodb::bson::{Bson, Document, doc};

use crate::ground::Ground;
use crate::scene::{key, open, rotation, start, token};

fn lasts<T: std::fmt::Debug>(answer: Result<T, Failure>, names: &str) {
    let failure = answer.unwrap_err();
    let told = format!("{}", failure.chain());
    assert_eq!(failure.retry, Retry::Useless, "{told}");
    assert!(told.contains(names), "{told}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_session_in_an_odd_shape_is_named() {
    let ground = Ground::new().await;
    let store = ground.store();
    let sessions = ground.database().await.collection::<Document>("sessions");
    let odd = [
        doc! { "$set": { "ip": 7 } },
        doc! { "$set": { "user_agent": Bson::Null } },
        doc! { "$unset": { "last_used_at": "" } },
        doc! { "$unset": { "user_agent": "" } },
        doc! { "$set": { "created_at": "yesterday" } },
    ];
    for change in odd {
        let (session, first) = open(&store).await;
        let told = sessions
            .update_one(doc! { "_id": key(session.id) }, change)
            .await;
        assert_eq!(told.unwrap().modified_count, 1);
        lasts(store.of_user(session.user, start()).await, "sessions.");
        lasts(store.find_by_token(first, start()).await, "sessions.");
        lasts(
            store
                .rotate(&rotation(first, token(), start()))
                .await
                .map(drop),
            "sessions.",
        );
        // Whether it is live can still be determined, and it can be ended.
        assert_eq!(
            store.live(&[session.id], start()).await.unwrap(),
            [session.id]
        );
        assert!(store.end(session.id, session.user, start()).await.unwrap());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn an_odd_address_is_named_and_lasts_until_the_next_renewal() {
    let ground = Ground::new().await;
    let store = ground.store();
    let sessions = ground.database().await.collection::<Document>("sessions");
    let (session, first) = open(&store).await;
    let nowhere = doc! { "$set": { "ip": "nowhere" } };
    sessions.update_one(doc! {}, nowhere).await.unwrap();
    lasts(store.of_user(session.user, start()).await, "sessions.ip");
    lasts(store.find_by_token(first, start()).await, "sessions.ip");
    let renewed = store.rotate(&rotation(first, token(), start())).await;
    assert!(matches!(renewed, Ok(Rotated::Renewed(_))), "{renewed:?}");
    assert_eq!(store.of_user(session.user, start()).await.unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn tokens_in_an_odd_shape_are_named() {
    let ground = Ground::new().await;
    let store = ground.store();
    let database = ground.database().await;
    let sessions = database.collection::<Document>("sessions");
    let tokens = database.collection::<Document>("refresh_tokens");
    for change in [
        doc! { "$set": { "current": "text" } },
        doc! { "$unset": { "current": "" } },
        doc! { "$set": { "previous": { "digest": key(open(&store).await.0.id) } } },
    ] {
        let (session, first) = open(&store).await;
        sessions
            .update_one(doc! { "_id": key(session.id) }, change)
            .await
            .unwrap();
        lasts(
            store.rotate(&rotation(first, token(), start())).await,
            "sessions.",
        );
    }
    for change in [
        doc! { "$set": { "session": 7 } },
        doc! { "$unset": { "user": "" } },
    ] {
        let (session, first) = open(&store).await;
        tokens
            .update_one(doc! { "session": key(session.id) }, change)
            .await
            .unwrap();
        lasts(
            store.rotate(&rotation(first, token(), start())).await,
            "refresh_tokens.",
        );
        lasts(store.find_by_token(first, start()).await, "refresh_tokens.");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_profile_in_an_odd_shape_is_named() {
    let ground = Ground::new().await;
    let store = ground.store();
    let profiles = ground.database().await.collection::<Document>("profiles");
    for odd in [
        doc! {},
        doc! { "document": 7 },
        doc! { "text": 7 },
        doc! { "document": { "at": mongodb::bson::DateTime::MAX } },
    ] {
        let user: domain::UserId = port_contracts::fresh();
        let mut row = doc! { "_id": key(user) };
        row.extend(odd);
        profiles.insert_one(row).await.unwrap();
        lasts(store.find(&[user]).await, "profiles.");
        store.erase(user).await.unwrap();
        assert_eq!(store.find(&[user]).await.unwrap(), []);
    }
}
