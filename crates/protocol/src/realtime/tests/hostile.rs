//! Randomly generated frames: each is parsed, reported as invalid, or a breach.

use std::collections::HashSet;

use proptest::collection::{btree_map, hash_map, vec};
use proptest::prelude::*;
use serde_json::{Map, Value};
use uuid::Uuid;
use validator::Validate as _;

use super::samples;
use crate::Secret;
use crate::limits::{BODY_DEPTH, PLACE_MAX};
use crate::realtime::{
    ClientFrame, Command, CommandKind, FrameError, React, Subscribe, read_frame,
};
use crate::rest::{EditMessage, PostMessage};

/// The names of all fields.
const NAMES: &[&str] = &[
    "attachments",
    "clientId",
    "content",
    "emoji",
    "epoch",
    "id",
    "message",
    "messageId",
    "on",
    "replyTo",
    "roomId",
    "rooms",
    "seq",
    "text",
    "token",
    "type",
];

/// Texts that some field treats specially.
const TEXTS: &[&str] = &[
    "",
    " ",
    "\0",
    "7",
    "👍",
    "0195b4a0-0000-7000-8000-000000000001",
    "a.b.c",
    "true",
];

/// Parses a text, and checks what the parser promises about the result.
pub(super) fn try_frame(text: &str) {
    let json = serde_json::from_str::<Value>(text);
    let is_frame = json.is_ok_and(|json| json["type"].is_string());
    match read_frame(text) {
        Ok(frame) => {
            assert!(is_frame, "{text} is none");
            assert!(
                frame.command.validate().is_ok(),
                "{frame:?} breaks its rules"
            );
            assert!(frame.id.is_none_or(|id| id < 1 << 53));
            let json = serde_json::to_string(&frame).unwrap();
            assert_eq!(read_frame(&json), Ok(frame), "written again");
        }
        Err(FrameError::Breach) => {
            let may_be_deep = text.matches(['[', '{']).count() > BODY_DEPTH;
            assert!(!is_frame || may_be_deep, "{text} is a frame");
        }
        Err(FrameError::Invalid { id, errors }) => {
            assert!(is_frame, "{text} is none");
            assert!(!errors.is_empty());
            assert!(id.is_none_or(|id| id < 1 << 53));
            let fields: HashSet<_> = errors.iter().map(|error| &error.field).collect();
            assert_eq!(
                fields.len(),
                errors.len(),
                "a field is named once: {errors:?}"
            );
            for error in errors {
                assert!(NAMES.contains(&&*error.field), "{error:?} is no field");
                assert!(!error.message.is_empty());
                assert!(error.field != "id" || id.is_none(), "a bad id is repeated");
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
        any::<f64>().prop_map(Value::from),
        (0..100_i64).prop_map(Value::from),
        text().prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::from),
            hash_map(text(), inner, 0..4).prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

/// Objects with fields of ours and, most of them, a type of ours.
fn object() -> impl Strategy<Value = Map<String, Value>> {
    let name = proptest::sample::select(NAMES).prop_map(str::to_owned);
    let kind = proptest::sample::select(CommandKind::ALL);
    (
        hash_map(name, value(), 0..8),
        proptest::option::weighted(0.9, kind),
    )
        .prop_map(|(fields, kind)| {
            let kind = kind.map(|kind| ("type".to_owned(), Value::from(kind.as_str())));
            fields.into_iter().chain(kind).collect()
        })
}

fn id() -> impl Strategy<Value = Uuid> {
    any::<u128>().prop_map(Uuid::from_u128)
}

/// What a text field keeps: it is trimmed and has no U+0000.
fn kept(most: usize) -> impl Strategy<Value = String> {
    vec(any::<char>(), 1..most).prop_filter_map("a text is trimmed", |chars| {
        let text: String = chars.into_iter().filter(|c| *c != '\0').collect();
        let text = text.trim();
        (!text.is_empty()).then(|| text.to_owned())
    })
}

fn post() -> impl Strategy<Value = PostMessage> {
    let id_or_none = || proptest::option::of(id());
    (kept(200), id_or_none(), id_or_none(), vec(id(), 0..=10)).prop_map(
        |(content, client_id, reply_to, attachments)| PostMessage {
            content,
            client_id,
            reply_to,
            attachments,
        },
    )
}

fn command() -> impl Strategy<Value = Command> {
    let rooms = btree_map(id(), proptest::option::of(0..=PLACE_MAX), 0..20);
    prop_oneof![
        any::<String>()
            .prop_filter("a token has no U+0000", |token| !token.contains('\0'))
            .prop_map(|token| Command::Auth {
                token: Secret::new(token)
            }),
        (rooms, proptest::option::of(kept(64)))
            .prop_map(|(rooms, epoch)| Command::Subscribe(Subscribe { rooms, epoch })),
        vec(id(), 0..20).prop_map(|rooms| Command::Unsubscribe { rooms }),
        (id(), post()).prop_map(|(room_id, message)| Command::Send { room_id, message }),
        (id(), kept(200)).prop_map(|(message_id, content)| Command::Edit {
            message_id,
            change: EditMessage { content },
        }),
        id().prop_map(|message_id| Command::Delete { message_id }),
        (id(), kept(32), any::<bool>()).prop_map(|(message_id, emoji, on)| {
            Command::React(React {
                message_id,
                emoji,
                on,
            })
        }),
        (id(), 0..=PLACE_MAX).prop_map(|(room_id, seq)| Command::Read { room_id, seq }),
        (id(), 0..=PLACE_MAX).prop_map(|(room_id, seq)| Command::Delivered { room_id, seq }),
        (id(), any::<bool>()).prop_map(|(room_id, on)| Command::Typing { room_id, on }),
        id().prop_map(|room_id| Command::Presence { room_id }),
        Just(Command::Ping),
    ]
}

proptest! {
    #[test]
    fn any_text_has_an_answer(text in any::<String>()) {
        try_frame(&text);
    }

    #[test]
    fn any_value_has_an_answer(value in value()) {
        try_frame(&value.to_string());
    }

    #[test]
    fn any_fields_have_an_answer(map in object()) {
        try_frame(&Value::Object(map).to_string());
    }

    #[test]
    fn any_cut_of_a_frame_has_an_answer(which in 0..64_usize, cut in 0..400_usize) {
        let samples = samples::commands();
        let text = serde_json::to_string(&samples[which % samples.len()]).unwrap();
        try_frame(text.get(..cut).unwrap_or(&text));
    }

    #[test]
    fn any_command_is_read_as_it_was_written(
        command in command(),
        id in proptest::option::of(0..1_u64 << 53),
    ) {
        let frame = ClientFrame { command, id };
        let text = serde_json::to_string(&frame).unwrap();
        prop_assert_eq!(read_frame(&text), Ok(frame));
    }
}
