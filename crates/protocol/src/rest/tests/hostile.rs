//! Randomly generated bodies and queries: each is either parsed or refused.

use std::collections::HashSet;
use std::fmt::Debug;

use proptest::prelude::*;
use serde::Serialize;
use serde_json::{Map, Value};

use crate::rest::*;
use crate::{Query, ReadError, Request, read, read_query};

/// Every body.
const BODIES: &[fn(&[u8])] = &[
    try_body::<Register>,
    try_body::<AddUser>,
    try_body::<Login>,
    try_body::<Refresh>,
    try_body::<Logout>,
    try_body::<ChangePassword>,
    try_body::<ChangeProfile>,
    try_body::<EraseAccount>,
    try_body::<CreateRoom>,
    try_body::<EditRoom>,
    try_body::<JoinRoom>,
    try_body::<JoinAny>,
    try_body::<CreateChat>,
    try_body::<EditMember>,
    try_body::<CreateInvite>,
    try_body::<Mute>,
    try_body::<PostMessage>,
    try_body::<EditMessage>,
    try_body::<MoveCursor>,
    try_body::<NamedRoom>,
    try_body::<NamedMessage>,
];

/// Every query.
const QUERIES: &[fn(&str)] = &[
    try_query::<CookieQuery>,
    try_query::<UsersQuery>,
    try_query::<PeopleQuery>,
    try_query::<RoomsQuery>,
    try_query::<MembersQuery>,
    try_query::<RemoveQuery>,
    try_query::<PageQuery>,
    try_query::<NumberedQuery>,
    try_query::<HistoryQuery>,
    try_query::<EventsQuery>,
    try_query::<SearchQuery>,
    try_query::<NamedHistoryQuery>,
];

/// The names of all fields.
const NAMES: &[&str] = &[
    "after",
    "around",
    "attachments",
    "avatarMediaId",
    "ban",
    "before",
    "bio",
    "chatRoomName",
    "clientId",
    "content",
    "cookie",
    "current",
    "cursor",
    "description",
    "displayName",
    "email",
    "epoch",
    "expiresIn",
    "from",
    "history",
    "ids",
    "inviteCode",
    "isPrivate",
    "limit",
    "maxUses",
    "message",
    "messageId",
    "mutedUntil",
    "name",
    "new",
    "online",
    "page",
    "participantIds",
    "password",
    "profile",
    "q",
    "refreshToken",
    "replyTo",
    "role",
    "roomId",
    "seq",
    "since",
    "text",
    "type",
    "until",
    "username",
];

/// Texts that some field treats specially.
const TEXTS: &[&str] = &[
    "",
    " ",
    "\0",
    "0",
    "-1",
    "50",
    "9007199254740993",
    "true",
    "all",
    "joined",
    "admin",
    "group",
    "ada",
    "ada@example.org",
    "correct horse",
    "0195b4a0-0000-7000-8000-000000000001",
    "0195b4a0-0000-7000-8000-000000000001,",
    "2026-01-02T03:04:05Z",
    "+262142-01-01T00:00:00Z",
];

fn try_body<T: Request + Serialize + PartialEq + Debug>(body: &[u8]) {
    match read::<T>(body) {
        Ok(request) => {
            assert!(request.validate().is_ok(), "{request:?} breaks its rules");
            let json = serde_json::to_vec(&request).unwrap();
            assert_eq!(read::<T>(&json), Ok(request), "written again");
        }
        Err(error) => is_telling(&error),
    }
}

fn try_query<T: Query + Debug>(query: &str) {
    match read_query::<T>(query) {
        Ok(request) => assert!(request.validate().is_ok(), "{request:?} breaks its rules"),
        Err(error) => is_telling(&error),
    }
}

fn is_telling(error: &ReadError) {
    match error {
        ReadError::Malformed(detail) => assert!(!detail.is_empty()),
        ReadError::NotAnObject => {}
        ReadError::Invalid(errors) => {
            assert!(!errors.is_empty());
            let fields: HashSet<_> = errors.iter().map(|error| &error.field).collect();
            assert_eq!(
                fields.len(),
                errors.len(),
                "a field is named once: {errors:?}"
            );
            for error in errors {
                assert!(NAMES.contains(&&*error.field), "{error:?} is no field");
                assert!(!error.message.is_empty());
            }
        }
    }
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        proptest::sample::select(TEXTS).prop_map(str::to_owned),
        any::<String>(),
    ]
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        (0..100_i64).prop_map(Value::from),
        text().prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            proptest::collection::hash_map(any::<String>(), inner, 0..4)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

fn object() -> impl Strategy<Value = Map<String, Value>> {
    let name = proptest::sample::select(NAMES).prop_map(str::to_owned);
    proptest::collection::hash_map(name, value(), 0..12).prop_map(|map| map.into_iter().collect())
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(bytes in any::<Vec<u8>>()) {
        for body in BODIES {
            body(&bytes);
        }
    }

    #[test]
    fn any_cut_of_an_object_is_read_or_refused(map in object(), cut in 0..200_usize) {
        let json = serde_json::to_vec(&map).unwrap();
        for body in BODIES {
            body(json.get(..cut).unwrap_or(&json));
        }
    }

    #[test]
    fn any_object_is_read_or_told_what_is_wrong(map in object()) {
        let json = serde_json::to_vec(&map).unwrap();
        for body in BODIES {
            body(&json);
        }
    }

    #[test]
    fn any_text_is_a_query_or_told_what_is_wrong(text in any::<String>()) {
        for query in QUERIES {
            query(&text);
        }
    }

    #[test]
    fn any_fields_are_a_query_or_told_what_is_wrong(
        pairs in proptest::collection::vec((proptest::sample::select(NAMES), text()), 0..12)
    ) {
        let text = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(pairs)
            .finish();
        for query in QUERIES {
            query(&text);
        }
    }
}
