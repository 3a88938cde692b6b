//! The document's numbers are those of the contract.

use serde_json::{Value, json};

use super::schema::Document;
use crate::limits::*;
use crate::realtime::{BEARER_PREFIX, CloseCode, SUBPROTOCOL};

#[test]
fn bounds_of_fields_are_the_limits() {
    let document = Document::read();
    let bound = |message: &str, rest: &str| {
        let place = format!("/components/messages/{message}/payload/properties/{rest}");
        document.at(&place).as_u64().unwrap()
    };
    for (message, rest, limit) in [
        ("clientSend", "content/maxLength", MESSAGE_MAX),
        ("clientEdit", "content/maxLength", MESSAGE_MAX),
        ("clientSend", "attachments/maxItems", ATTACHMENTS_MAX),
        ("clientReact", "emoji/maxLength", EMOJI_MAX),
        ("clientSubscribe", "epoch/maxLength", EPOCH_MAX),
        ("serverReady", "epoch/maxLength", EPOCH_MAX),
        (
            "serverAckPresence",
            "online/maxItems",
            u64::try_from(ONLINE_NAMED).unwrap(),
        ),
        (
            "clientSubscribe",
            "rooms/additionalProperties/maximum",
            PLACE_MAX.unsigned_abs(),
        ),
    ] {
        assert_eq!(bound(message, rest), limit, "{message} {rest}");
    }
    let example = |message: &str, key: &str| {
        document
            .at(&format!(
                "/components/messages/{message}/examples/0/payload/{key}"
            ))
            .clone()
    };
    assert_eq!(example("serverReady", "heartbeat"), HEARTBEAT_SECONDS);
    assert_eq!(example("serverTokenExpiring", "in"), TOKEN_EXPIRING_SECONDS);
}

/// Every integer in the document has a maximum that all clients can represent, or a smaller one.
#[test]
fn no_number_is_without_bounds() {
    fn look(value: &Value) {
        let is_whole = |kind: &Value| kind == "integer" || *kind == json!(["integer", "null"]);
        if value.get("type").is_some_and(is_whole) {
            assert!(value["minimum"].as_i64().is_some(), "{value}");
            assert!(
                value["maximum"].as_i64().is_some_and(|it| it <= PLACE_MAX),
                "{value}"
            );
        }
        match value {
            Value::Object(map) => map.values().for_each(look),
            Value::Array(list) => list.iter().for_each(look),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
    look(Document::read().at("/components"));
}

#[test]
fn limits_are_told_in_words() {
    let document = Document::read();
    let says = |place: &str, piece: String| {
        let text = document.at(place).as_str().unwrap();
        assert!(text.contains(&piece), "{place} does not say {piece}");
    };
    for piece in [
        format!("At most {FRAME_BYTES} bytes a frame"),
        format!("{FRAMES} frames within {FRAMES_SECONDS} seconds"),
        format!("the {}st ends the connection", FRAMES_HARD + 1),
        format!("{ROOMS_PER_CONNECTION} subscribed rooms a connection"),
        format!("{CONNECTIONS_PER_USER} connections a user"),
    ] {
        says("/channels/socket/description", piece);
    }
    says(
        "/info/description",
        format!("an `auth` frame within {AUTH_SECONDS} seconds"),
    );
    says(
        "/info/description",
        format!("a `{BEARER_PREFIX}<token>` beside `{SUBPROTOCOL}`"),
    );
    for message in ["clientTyping", "serverTyping"] {
        let place = format!("/components/messages/{message}/summary");
        says(&place, format!("after {TYPING_SECONDS} seconds"));
    }
}

#[test]
fn close_codes_are_those_that_there_are() {
    let document = Document::read();
    let told = document
        .at("/channels/socket/x-close-codes")
        .as_array()
        .unwrap();
    let told: Vec<_> = told
        .iter()
        .map(|it| (it["code"].clone(), it["reconnect"].clone()))
        .collect();
    let codes = CloseCode::ALL.iter();
    let codes: Vec<_> = codes
        .map(|code| (json!(code.number()), json!(code.may_reconnect())))
        .collect();
    assert_eq!(told, codes);
}
