//! People and the caller's own account.

use insta::assert_snapshot;
use serde_json::{Map, json};

use super::scene::{ID, OTHER, body, id, query, told, told_of_query, written};
use crate::rest::{ChangeProfile, EraseAccount, PeopleQuery, UsersQuery};
use crate::{Patch, Secret, read_pairs};

#[test]
fn what_a_patch_does_not_name_stays() {
    assert_eq!(
        crate::read::<ChangeProfile>(b"").unwrap(),
        ChangeProfile::default()
    );
    assert_eq!(
        body::<ChangeProfile>(&json!({ "id": ID, "email": "other@example.org" })),
        ChangeProfile::default(),
        "unknown fields are ignored"
    );
}

#[test]
fn null_clears_what_can_be_cleared() {
    let cleared = body::<ChangeProfile>(&json!({
        "bio": null, "avatarMediaId": null, "profile": null,
    }));
    assert_eq!(
        (cleared.bio, cleared.avatar_media_id, cleared.profile),
        (Patch::Null, Patch::Null, Patch::Null)
    );
    assert_eq!(
        body::<ChangeProfile>(&json!({ "bio": " " })).bio,
        Patch::Null
    );
    assert_snapshot!(told::<ChangeProfile>(&json!({
        "displayName": null, "username": null,
    })), @r#"
    displayName type: cannot be null
    username type: cannot be null
    "#);
}

#[test]
fn a_patch_sets_the_rest() {
    let change = ChangeProfile {
        display_name: Some("Ada".into()),
        username: Some("ada.l".into()),
        bio: Patch::Set("First.".into()),
        avatar_media_id: Patch::Set(id(ID)),
        profile: Patch::Set(Map::from_iter([(
            "a".to_owned(),
            json!([1, { "b": null }]),
        )])),
    };
    assert_snapshot!(written(&change), @r#"{"displayName":"Ada","username":"ada.l","bio":"First.","avatarMediaId":"0195b4a0-0000-7000-8000-000000000001","profile":{"a":[1,{"b":null}]}}"#);
    assert_eq!(written(&ChangeProfile::default()), "{}");
    let clearing = ChangeProfile {
        bio: Patch::Null,
        ..ChangeProfile::default()
    };
    assert_eq!(written(&clearing), r#"{"bio":null}"#);
}

#[test]
fn every_bad_field_of_a_patch_is_named() {
    assert_snapshot!(told::<ChangeProfile>(&json!({
        "displayName": "", "username": "ada lovelace", "bio": "x".repeat(501),
        "avatarMediaId": "7", "profile": [],
    })), @r#"
    displayName too_short: must not be empty
    username format: must be letters, digits, '_', '.' and '-' only
    bio too_long: must have at most 500 characters
    avatarMediaId format: must be a UUID
    profile type: must be an object
    "#);
    assert_snapshot!(told::<ChangeProfile>(&json!({
        "displayName": 1, "username": [], "bio": {}, "avatarMediaId": 7, "profile": "{}",
    })), @r#"
    displayName type: must be a string
    username type: must be a string
    bio type: must be a string
    avatarMediaId type: must be a string
    profile type: must be an object
    "#);
    assert_snapshot!(told::<ChangeProfile>(&json!({
        "name": "x".repeat(81), "username": "x".repeat(33), "bio": "\u{0}",
        "profile": { "a": [{ "b\u{0}": 1 }] },
    })), @r#"
    name too_long: must have at most 80 characters
    username too_long: must have at most 32 characters
    bio format: must not contain U+0000
    profile format: must not contain U+0000
    "#);
}

#[test]
fn a_profile_is_bounded_in_bytes() {
    let of = |size: usize| json!({ "profile": { "a": "x".repeat(size - r#"{"a":""}"#.len()) } });
    assert!(!body::<ChangeProfile>(&of(16 * 1024)).profile.is_absent());
    assert_snapshot!(told::<ChangeProfile>(&of(16 * 1024 + 1)), @"profile too_long: must have at most 16384 bytes of JSON");
}

#[test]
fn erasing_needs_the_password() {
    let erase: EraseAccount = body(&json!({ "password": "x" }));
    assert_eq!(erase.password, Secret::new("x"));
    assert_eq!(written(&erase), r#"{"password":"x"}"#);
    assert_snapshot!(told::<EraseAccount>(&json!({ "password": null })), @"password required: is required");
}

#[test]
fn people_by_their_ids() {
    let asked: UsersQuery = query(&format!("ids={ID},%20{OTHER},"));
    assert_eq!(asked.ids, [id(ID), id(OTHER)]);
    assert_snapshot!(told_of_query::<UsersQuery>(""), @"ids required: is required");
    assert_snapshot!(told_of_query::<UsersQuery>("ids=,"), @"ids too_few: must not be empty");
    assert_snapshot!(told_of_query::<UsersQuery>("ids=1,2"), @"ids format: must be a list of UUIDs");
    let hundred = [ID; 100].join(",");
    assert_eq!(
        query::<UsersQuery>(&format!("ids={hundred}")).ids.len(),
        100
    );
    assert_snapshot!(told_of_query::<UsersQuery>(&format!("ids={hundred},{ID}")), @"ids too_many: must have at most 100 items");
}

#[test]
fn people_by_their_names() {
    for asked in ["q=ada+l", "q=%20ada%20l%20", "username=ada%20l"] {
        assert_eq!(query::<PeopleQuery>(asked).q, "ada l");
    }
    let in_the_path = [("q".into(), "100%".into())];
    assert_eq!(read_pairs::<PeopleQuery>(in_the_path).unwrap().q, "100%");
    assert_snapshot!(told_of_query::<PeopleQuery>("q="), @"q required: is required");
    assert_snapshot!(told_of_query::<PeopleQuery>("q=+"), @"q too_short: must not be empty");
    assert_snapshot!(told_of_query::<PeopleQuery>("username=a%00"), @"username format: must not contain U+0000");
    assert_snapshot!(told_of_query::<PeopleQuery>(&format!("q={}", "x".repeat(201))), @"q too_long: must have at most 200 characters");
}
