//! What is no frame at all, ids of frames, and types.

use insta::assert_snapshot;
use serde_json::json;

use super::scene::{frame, told};
use crate::realtime::{Command, CommandKind, FrameError, read_frame};

#[test]
fn what_is_no_object_with_a_string_type_is_a_breach() {
    for text in [
        "",
        " ",
        "\u{feff}{\"type\":\"ping\"}",
        "ping",
        "null",
        "\"ping\"",
        "7",
        "[]",
        r#"[{"type":"ping"}]"#,
        "{}",
        r#"{"id":7}"#,
        r#"{"type":null}"#,
        r#"{"type":7}"#,
        r#"{"type":["ping"]}"#,
        r#"{"type":{"ping":true}}"#,
        r#"{"Type":"ping"}"#,
        r#"{"type":"ping""#,
        r#"{"type":"ping"}{"type":"ping"}"#,
        r#"{"type":"ping",}"#,
        r"{'type':'ping'}",
        r#"{"type":"\ud800"}"#,
        r#"{"type":"ping","a":"\udc00\ud800"}"#,
        r#"{"type":"ping","id":NaN}"#,
        r#"{"type":"ping","id":1e999}"#,
        r#"{"type":"ping","id":01}"#,
        "{\"type\":\"ping\",\"a\":\"\0\"}",
        "{\"type\":\"ping\"}\0",
    ] {
        assert_eq!(read_frame(text), Err(FrameError::Breach), "{text}");
    }
}

#[test]
fn what_nests_too_deep_is_a_breach_and_costs_no_stack() {
    let nested = |depth: usize| {
        let (open, close) = ("[".repeat(depth), "]".repeat(depth));
        format!(r#"{{"type":"ping","a":{open}{close}}}"#)
    };
    assert!(read_frame(&nested(63)).is_ok(), "the frame is a level too");
    assert_eq!(read_frame(&nested(64)), Err(FrameError::Breach));
    assert_eq!(read_frame(&nested(60_000)), Err(FrameError::Breach));
    assert_eq!(read_frame(&"[".repeat(131_072)), Err(FrameError::Breach));
}

#[test]
fn an_id_is_a_whole_number_that_every_client_can_hold() {
    for (id, read) in [
        (json!(0), Some(0)),
        (json!(7), Some(7)),
        (json!(7.0), Some(7)),
        (json!(9_007_199_254_740_991_u64), Some((1 << 53) - 1)),
        (json!(null), None),
    ] {
        let frame = frame(&json!({ "type": "ping", "id": id }));
        assert_eq!(frame.id, read, "{id}");
        assert_eq!(frame.command, Command::Ping);
    }
    assert_eq!(frame(&json!({ "type": "ping" })).id, None);
}

#[test]
fn a_bad_id_is_told_and_not_repeated() {
    let range = "id range: must be from 0 to 9007199254740991";
    let whole = "id type: must be a whole number";
    for (id, line) in [
        (json!(-1), range),
        (json!(9_007_199_254_740_992_u64), range),
        (json!(i64::MIN), range),
        (json!(u64::MAX), "id range: is out of range"),
        (json!(1.5), whole),
        (json!("7"), whole),
        (json!(true), whole),
        (json!([7]), whole),
        (json!({}), whole),
    ] {
        assert_eq!(told(&json!({ "type": "ping", "id": id })), line, "{id}");
    }
    for (text, line) in [
        (r#"{"type":"ping","id":1e300}"#, "is out of range"),
        (
            r#"{"type":"ping","id":99999999999999999999}"#,
            "is out of range",
        ),
        (r#"{"type":"ping","id":15e-1}"#, "must be a whole number"),
    ] {
        let Err(FrameError::Invalid { id: None, errors }) = read_frame(text) else {
            panic!("{text}")
        };
        assert_eq!(errors[0].message, line, "{text}");
    }
}

#[test]
fn a_bad_id_is_told_with_whatever_else_is_bad() {
    assert_snapshot!(told(&json!({ "type": "typing", "id": "x", "roomId": 7 })), @r"
    id type: must be a whole number
    roomId type: must be a string
    on required: is required
    ");
    assert_snapshot!(told(&json!({ "type": "dance", "id": -1 })), @r"
    id range: must be from 0 to 9007199254740991
    type format: must be one of auth, subscribe, unsubscribe, send, edit, delete, react, read, delivered, typing, presence, summary, ping
    ");
}

#[test]
fn an_unknown_type_is_told_and_the_id_repeated() {
    for kind in ["", "dance", "Ping", "ready", "message", "pi ng"] {
        let told = told(&json!({ "type": kind, "id": 7 }));
        assert!(
            told.starts_with("type format: must be one of auth, "),
            "{told}"
        );
        assert!(told.ends_with("\nto 7"), "{told}");
    }
    assert_snapshot!(told(&json!({ "type": "ping\0" })), @"type format: must not contain U+0000");
}

#[test]
fn every_type_is_found_by_its_word() {
    for kind in CommandKind::ALL {
        let read = read_frame(&json!({ "type": kind }).to_string());
        match read {
            Ok(frame) => assert_eq!(frame.command.kind(), *kind),
            Err(error) => {
                let FrameError::Invalid { errors, .. } = error else {
                    panic!("{kind} is a breach")
                };
                assert!(errors.iter().all(|error| error.field != "type"), "{kind}");
            }
        }
    }
}

#[test]
fn of_two_keys_the_last_one_counts() {
    let text = r#"{"type":"dance","id":"x","type":"ping","id":7}"#;
    let frame = read_frame(text).unwrap();
    assert_eq!((frame.command, frame.id), (Command::Ping, Some(7)));
    let text = r#"{"type":"ping","type":7}"#;
    assert_eq!(read_frame(text), Err(FrameError::Breach));
    let escaped = read_frame(r#"{"\u0074ype":"\u0070ing"}"#).unwrap();
    assert_eq!(escaped.command, Command::Ping);
}

#[test]
fn unknown_fields_are_ignored() {
    let frame = frame(&json!({ "type": "ping", "payload": { "a": [1, 2] }, "ID": "x", "\0": 1 }));
    assert_eq!((frame.command, frame.id), (Command::Ping, None));
}
