//! Documents that a document database might mistake for something else.

use domain::port::Profiles as _;
use domain::{ProfileDocument, UserId};
use mongodb::bson::{RawDocumentBuf, doc};
use port_contracts::{CROWD, at_once, fresh};
use serde_json::{Value, json};

use crate::ground::Ground;
use crate::scene::key;

/// Names that mean something to the server, the driver or a tool.
const NAMES: [&str; 24] = [
    "",
    "$",
    ".",
    "..",
    "$.",
    ".$",
    "$$ROOT",
    "$set",
    "$ref",
    "$id",
    "$db",
    "$oid",
    "$date",
    "$numberLong",
    "$numberDecimal",
    "$binary",
    "$uuid",
    "$regularExpression",
    "$code",
    "$undefined",
    "$minKey",
    "_id",
    "a.b.0",
    "$[]",
];

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn no_name_means_anything() {
    let ground = Ground::new().await;
    let store = ground.store();
    let database = ground.database().await;
    let profiles = database.collection::<RawDocumentBuf>("profiles");
    let documents = NAMES.into_iter().flat_map(|name| {
        let values = [
            json!(7),
            json!("7"),
            json!({ name: 1 }),
            json!([{ name: null }]),
        ];
        values.into_iter().flat_map(move |value| {
            [
                json!({ name: value }),
                json!({ "in": { name: value, "b": 1 }, "list": [{ name: value }] }),
                json!({ "$ref": "rooms", "$id": value, name: value }),
            ]
        })
    });
    for document in documents {
        let (user, text) = (fresh::<UserId>(), document.to_string());
        let put = ProfileDocument::parse(text.as_str()).unwrap();
        let put = store.put(user, &put).await;
        put.unwrap_or_else(|failure| panic!("{text}: {}", failure.chain()));
        let (_, found) = store.find(&[user]).await.unwrap().remove(0);
        let found: Value = serde_json::from_str(found.as_str()).unwrap();
        assert_eq!(found, document);
        let row = profiles.find_one(doc! { "_id": key(user) }).await.unwrap();
        assert!(row.unwrap().get_document("document").is_ok(), "{text}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn whatever_the_server_does_not_hold_comes_back_as_text() {
    let ground = Ground::new().await;
    let store = ground.store();
    let nested = |levels: usize| format!("{}1{}", r#"{"a":"#.repeat(levels), "}".repeat(levels));
    let wide = format!("{{\"a\":[0{}]}}", ",0".repeat(8_000));
    for text in [
        r#"{"a\u0000b":1}"#,
        r#"{"a":18446744073709551615,"b":1.7976931348623157e308,"c":0.1}"#,
        r#"{"a":1,"a":2}"#,
        &nested(89),
        &nested(90),
        &nested(91),
        &nested(2_700),
        &wide,
    ] {
        let (user, document) = (fresh(), ProfileDocument::parse(text).unwrap());
        store.put(user, &document).await.unwrap();
        let found = store.find(&[user]).await.unwrap();
        assert_eq!(found, [(user, document)]);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_first_ones_at_once_one_stays() {
    let ground = Ground::new().await;
    let store = ground.store();
    let user: UserId = fresh();
    at_once(CROWD, |number| {
        let store = store.clone();
        async move {
            let document = json!({ "by": number }).to_string();
            let document = ProfileDocument::parse(document).unwrap();
            store.put(user, &document).await.unwrap();
        }
    })
    .await;
    assert_eq!(store.find(&[user]).await.unwrap().len(), 1);
}
