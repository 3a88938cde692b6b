//! How the server executes the adapter's queries.

use adapter_mongo::MongoStore;
use domain::port::{Probe as _, Profiles as _, Sessions as _};
use domain::{ProfileDocument, SessionId, UserId};
use futures::TryStreamExt as _;
use mongodb::bson::{Document, doc};
use mongodb::{Collection, Database};
use port_contracts::fresh;

use crate::ground::Ground;
use crate::scene::{binary, key, open, rotate, session, start, token};

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn every_index_is_there() {
    let ground = Ground::new().await;
    ground.store().check().await.unwrap();
    let database = ground.database().await;
    let lapse = ("lapse", doc! { "expires_at": 1 }, Some(0));
    let by_id = ("_id_", doc! { "_id": 1 }, None);
    let by_user = doc! { "user": 1, "last_used_at": -1, "_id": -1 };
    let by_endpoint = doc! { "push.endpoint": 1 };
    let by_session = doc! { "session": 1 };
    assert_eq!(
        indexes(&database, "sessions").await,
        told([
            by_id.clone(),
            ("by_user", by_user, None),
            ("by_endpoint", by_endpoint, None),
            lapse.clone()
        ])
    );
    assert_eq!(
        indexes(&database, "refresh_tokens").await,
        told([by_id, ("by_session", by_session, None), lapse])
    );
}

type Index = (String, Document, Option<u64>);

fn told<const N: usize>(indexes: [(&str, Document, Option<u64>); N]) -> Vec<Index> {
    let owned = indexes.map(|(name, keys, lapse)| (name.to_owned(), keys, lapse));
    owned.into()
}

async fn indexes(database: &Database, collection: &str) -> Vec<Index> {
    let collection = database.collection::<Document>(collection);
    let listed = collection.list_indexes().await.unwrap();
    let models: Vec<mongodb::IndexModel> = listed.try_collect().await.unwrap();
    let told = models.into_iter().map(|model| {
        let options = model.options.unwrap();
        let lapse = options.expire_after.map(|after| after.as_secs());
        (options.name.unwrap(), model.keys, lapse)
    });
    told.collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn nothing_looks_at_more_than_it_answers_with() {
    let ground = Ground::new().await;
    let store = ground.store();
    let database = ground.database().await;
    let (one, first) = open(&store).await;
    crowd(
        &database.collection("sessions"),
        &database.collection("refresh_tokens"),
    )
    .await;
    // What was profiled until now was the setup.
    for profile in [0, 2] {
        database
            .run_command(doc! { "profile": profile })
            .await
            .unwrap();
        if profile == 0 {
            database
                .collection::<Document>("system.profile")
                .drop()
                .await
                .unwrap();
        }
    }

    everything(&store, &one, first).await;

    let noted = database.collection::<Document>("system.profile");
    let ours =
        doc! { "appName": "tertulia", "op": { "$in": ["query", "update", "remove", "command"] } };
    let noted: Vec<Document> = noted.find(ours).await.unwrap().try_collect().await.unwrap();
    assert!(noted.len() > 12, "{noted:#?}");
    for statement in noted {
        let plan = statement.get_str("planSummary").unwrap_or("none");
        let by_index = ["IDHACK", "IXSCAN", "none"]
            .iter()
            .any(|it| plan.starts_with(it));
        assert!(by_index, "{statement:#}");
        let number = |field| statement.get_i32(field).unwrap_or(0);
        let looked_at = number("docsExamined").max(number("keysExamined"));
        assert!(looked_at <= 12, "{statement:#}");
        assert!(
            !statement.get_bool("hasSortStage").unwrap_or(false),
            "{statement:#}"
        );
    }
}

/// Everything that the ports offer, for a user with a handful of sessions.
async fn everything(store: &MongoStore, one: &domain::Session, first: domain::TokenDigest) {
    let user = one.user;
    for _ in 0..4 {
        store.open(&session(user, start()), token()).await.unwrap();
    }
    let second = token();
    rotate(store, first, second, start()).await;
    rotate(store, first, second, start()).await;
    rotate(store, token(), token(), start()).await;
    store.find_by_token(first, start()).await.unwrap();
    assert_eq!(store.of_user(user, start()).await.unwrap().len(), 5);
    store.live(&[one.id, fresh()], start()).await.unwrap();
    store.end(fresh(), user, start()).await.unwrap();
    assert_eq!(
        store
            .end_all(user, Some(one.id), start())
            .await
            .unwrap()
            .len(),
        4
    );
    // A renewal that prolongs the retention of all tokens, and one that ends the session.
    let far = start() + crate::scene::LIFE - crate::scene::SECOND;
    rotate(store, second, token(), far).await;
    rotate(store, first, token(), far).await;
    let document = ProfileDocument::parse("{}").unwrap();
    store.put(user, &document).await.unwrap();
    store.find(&[user]).await.unwrap();
    store.erase(user).await.unwrap();
    store.check().await.unwrap();
}

/// Other users' sessions and tokens.
async fn crowd(sessions: &Collection<Document>, tokens: &Collection<Document>) {
    let like = sessions.find_one(doc! {}).await.unwrap().unwrap();
    let mut rows = (Vec::new(), Vec::new());
    for _ in 0..3_000 {
        let (id, user, current) = (fresh::<SessionId>(), fresh::<UserId>(), token());
        let mut row = like.clone();
        row.insert("_id", key(id));
        row.insert("user", key(user));
        row.insert("current", binary(current));
        let expires_at = *row.get_datetime("expires_at").unwrap();
        rows.0.push(row);
        let owner = doc! { "session": key(id), "user": key(user), "expires_at": expires_at };
        let mut row = doc! { "_id": binary(current) };
        row.extend(owner);
        rows.1.push(row);
    }
    sessions.insert_many(rows.0).await.unwrap();
    tokens.insert_many(rows.1).await.unwrap();
}
