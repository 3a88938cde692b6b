//! Obligations of [`domain::port::Profiles`].

use std::sync::Arc;

use domain::port::Profiles;
use domain::{ProfileDocument, UserId};
use serde_json::{Value, json};

use crate::fresh;

contract!(profiles {
    a_profile_is_kept_as_given,
    putting_replaces,
    an_unknown_profile_is_absent,
    several_profiles_are_found_at_once,
    an_erased_profile_is_absent,
});

pub async fn a_profile_is_kept_as_given(profiles: &Arc<dyn Profiles>) {
    let deep = (0..30).fold(json!(1), |inner, _| json!({ "in": [inner] }));
    let documents = [
        json!({}),
        json!({ "pronouns": "ella", "links": ["https://example.org", null], "on": true }),
        json!({ "名前": "Zoë \u{1f469}\u{200d}\u{1f680}", "": "\"\\\u{1}\n\t\u{2028}'; --" }),
        json!({ "numbers": [0, -1, 2.5, 1e-9, 9_007_199_254_740_993_i64, i64::MIN] }),
        json!({ "nothing": null, "empty": [{}, [], ""] }),
        // Names with a special meaning to document databases.
        json!({ "_id": 1, "$set": { "a.b": 1 }, "a.b": { "$ne": null }, "user": "me", "__v": 0 }),
        json!({ "z": 1, "a": 2, "m": { "z": 1, "a": 2 } }),
        json!({ "deep": deep }),
        json!({ "long": "ñ".repeat(8_000) }),
    ];
    for document in documents {
        let user = fresh();
        put(profiles, user, &document).await;
        assert_eq!(find(profiles, user).await, Some(document));
    }

    let roomy = "{ \"a\" : 1 ,\n\t\"b\" : [ ] }";
    let full = format!(
        "{{\"a\":\"{}\"}}",
        "x".repeat(ProfileDocument::MAX_BYTES - 8)
    );
    assert_eq!(full.len(), ProfileDocument::MAX_BYTES);
    for text in [roomy, &full] {
        let (user, document) = (fresh(), ProfileDocument::parse(text).unwrap());
        profiles.put(user, &document).await.unwrap();
        assert_eq!(find(profiles, user).await, Some(read(&document)));
    }
}

pub async fn putting_replaces(profiles: &Arc<dyn Profiles>) {
    let (user, neighbour) = (fresh(), fresh());
    put(profiles, user, &json!({ "a": { "x": 1 }, "b": [1, 2, 3] })).await;
    put(profiles, neighbour, &json!({ "a": "theirs" })).await;
    let second = json!({ "a": { "y": 2 } });
    put(profiles, user, &second).await;
    assert_eq!(find(profiles, user).await, Some(second.clone()));
    put(profiles, user, &second).await;
    assert_eq!(find(profiles, user).await, Some(second));
    put(profiles, user, &json!({})).await;
    assert_eq!(find(profiles, user).await, Some(json!({})));
    assert_eq!(
        find(profiles, neighbour).await,
        Some(json!({ "a": "theirs" }))
    );
}

pub async fn an_unknown_profile_is_absent(profiles: &Arc<dyn Profiles>) {
    put(profiles, fresh(), &json!({ "a": 1 })).await;
    assert_eq!(find(profiles, fresh()).await, None);
}

pub async fn several_profiles_are_found_at_once(profiles: &Arc<dyn Profiles>) {
    let mut kept = Vec::new();
    for number in 0..150 {
        let (user, document) = (fresh(), json!({ "number": number }));
        put(profiles, user, &document).await;
        kept.push((user, document));
    }
    kept.sort_by_key(|(user, _)| *user);
    let mut asked: Vec<UserId> = kept.iter().map(|(user, _)| *user).collect();
    asked.extend([asked[0], fresh(), asked[7]]);
    let found = profiles.find(&asked).await.unwrap();
    let mut found: Vec<(UserId, Value)> = found
        .iter()
        .map(|(user, document)| (*user, read(document)))
        .collect();
    found.sort_by_key(|(user, _)| *user);
    assert_eq!(found, kept);
    assert_eq!(profiles.find(&[]).await.unwrap(), []);
}

pub async fn an_erased_profile_is_absent(profiles: &Arc<dyn Profiles>) {
    let (user, neighbour) = (fresh(), fresh());
    put(profiles, user, &json!({ "a": 1 })).await;
    put(profiles, neighbour, &json!({ "b": 2 })).await;
    for _ in 0..2 {
        profiles.erase(user).await.unwrap();
        assert_eq!(find(profiles, user).await, None);
    }
    assert_eq!(find(profiles, neighbour).await, Some(json!({ "b": 2 })));

    put(profiles, user, &json!({ "c": 3 })).await;
    assert_eq!(find(profiles, user).await, Some(json!({ "c": 3 })));
}

async fn put(profiles: &Arc<dyn Profiles>, user: UserId, document: &Value) {
    let document = ProfileDocument::parse(document.to_string()).unwrap();
    profiles.put(user, &document).await.unwrap();
}

async fn find(profiles: &Arc<dyn Profiles>, user: UserId) -> Option<Value> {
    let found = profiles.find(&[user]).await.unwrap();
    assert!(found.iter().all(|(whose, _)| *whose == user));
    found.first().map(|(_, document)| read(document))
}

fn read(document: &ProfileDocument) -> Value {
    serde_json::from_str(document.as_str()).unwrap()
}
