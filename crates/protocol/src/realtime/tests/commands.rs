//! What each command is read as, and what is told of bad ones.

use std::collections::{BTreeMap, HashSet};

use insta::assert_snapshot;
use serde_json::{Value, json};

use super::samples;
use super::scene::{ID, OTHER, command, frame, id, told, written};
use crate::limits::PLACE_MAX;
use crate::realtime::{ClientFrame, Command, CommandKind, Subscribe};

fn subscribe(rooms: &Value) -> Subscribe {
    let sent = json!({ "type": "subscribe", "rooms": rooms });
    let Command::Subscribe(subscribe) = frame(&sent).command else {
        panic!("another command")
    };
    subscribe
}

/// What is told of these fields as each command, but for the one that has none.
fn told_of_each(fields: &Value) -> String {
    let kinds = CommandKind::ALL
        .iter()
        .filter(|kind| **kind != CommandKind::Ping);
    let line = |kind: &CommandKind| {
        let mut frame = fields.clone();
        frame["type"] = json!(kind);
        format!("{kind}: {}", told(&frame).replace('\n', "; "))
    };
    kinds.map(line).collect::<Vec<_>>().join("\n")
}

#[test]
fn commands_as_clients_write_them() {
    let lines: Vec<_> = samples::commands().into_iter().map(command).collect();
    assert_snapshot!(lines.join("\n"), @r#"
    {"type":"auth","token":"a.b.c"}
    {"type":"subscribe","rooms":{}}
    {"type":"subscribe","rooms":{"0195b4a0-0000-7000-8000-00000000000a":12,"0195b4a0-0000-7000-8000-00000000000b":null},"epoch":"e1"}
    {"type":"unsubscribe","rooms":["0195b4a0-0000-7000-8000-00000000000a","0195b4a0-0000-7000-8000-00000000000b"]}
    {"type":"send","roomId":"0195b4a0-0000-7000-8000-00000000000a","content":"Hello"}
    {"type":"send","roomId":"0195b4a0-0000-7000-8000-00000000000a","content":"Hello","clientId":"0195b4a0-0000-7000-8000-000000000015","replyTo":"0195b4a0-0000-7000-8000-000000000013","attachments":["0195b4a0-0000-7000-8000-00000000001e"]}
    {"type":"edit","messageId":"0195b4a0-0000-7000-8000-000000000014","content":"Hello, all"}
    {"type":"delete","messageId":"0195b4a0-0000-7000-8000-000000000014"}
    {"type":"react","messageId":"0195b4a0-0000-7000-8000-000000000014","emoji":"👍","on":true}
    {"type":"read","roomId":"0195b4a0-0000-7000-8000-00000000000a","seq":7}
    {"type":"delivered","roomId":"0195b4a0-0000-7000-8000-00000000000a","seq":7}
    {"type":"typing","roomId":"0195b4a0-0000-7000-8000-00000000000a","on":true}
    {"type":"presence","roomId":"0195b4a0-0000-7000-8000-00000000000a"}
    {"type":"summary","roomId":"0195b4a0-0000-7000-8000-00000000000a"}
    {"type":"summary","roomId":"0195b4a0-0000-7000-8000-00000000000a","since":7,"style":"brief"}
    {"type":"ping"}
    "#);
}

#[test]
fn there_is_a_sample_of_every_command() {
    let kinds: HashSet<_> = samples::commands().iter().map(Command::kind).collect();
    assert_eq!(kinds.len(), CommandKind::ALL.len());
}

#[test]
fn any_command_may_have_an_id() {
    for command in samples::commands() {
        let json = written(&ClientFrame {
            command,
            id: Some(7),
        });
        assert!(json.ends_with(r#","id":7}"#), "{json}");
    }
}

#[test]
fn every_missing_field_is_named() {
    assert_snapshot!(told_of_each(&json!({})), @r#"
    auth: token required: is required
    subscribe: rooms required: is required
    unsubscribe: rooms required: is required
    send: roomId required: is required; content required: is required
    edit: messageId required: is required; content required: is required
    delete: messageId required: is required
    react: messageId required: is required; emoji required: is required; on required: is required
    read: roomId required: is required; seq required: is required
    delivered: roomId required: is required; seq required: is required
    typing: roomId required: is required; on required: is required
    presence: roomId required: is required
    summary: roomId required: is required
    "#);
}

#[test]
fn every_field_of_a_wrong_type_is_named() {
    let wrong = json!({
        "token": 7, "rooms": "x", "epoch": 7, "roomId": 7, "messageId": [], "content": {},
        "clientId": true, "replyTo": 7, "attachments": ID, "emoji": 7, "on": "true", "seq": "7",
    });
    assert_snapshot!(told_of_each(&wrong), @r#"
    auth: token type: must be a string
    subscribe: rooms type: must be an object; epoch type: must be a string
    unsubscribe: rooms type: must be a list of UUIDs
    send: roomId type: must be a string; content type: must be a string; clientId type: must be a string; replyTo type: must be a string; attachments type: must be a list of UUIDs
    edit: messageId type: must be a string; content type: must be a string
    delete: messageId type: must be a string
    react: messageId type: must be a string; emoji type: must be a string; on type: must be true or false
    read: roomId type: must be a string; seq type: must be a whole number
    delivered: roomId type: must be a string; seq type: must be a whole number
    typing: roomId type: must be a string; on type: must be true or false
    presence: roomId type: must be a string
    summary: roomId type: must be a string
    "#);
}

#[test]
fn a_message_has_the_rules_that_it_has_over_rest() {
    let send = |content: &str| json!({ "type": "send", "id": 7, "roomId": ID, "content": content });
    let longest = "🦀".repeat(8000);
    let Command::Send { room_id, message } = frame(&send(&format!(" {longest}\n"))).command else {
        panic!("another command")
    };
    assert_eq!((room_id, message.content), (id(ID), longest.clone()));
    assert_snapshot!(told(&send(&format!("{longest}x"))), @r#"
    content too_long: must have at most 8000 characters
    to 7
    "#);
    assert_snapshot!(told(&send(" \u{2003} ")), @r#"
    content too_short: must not be empty
    to 7
    "#);
    assert_snapshot!(told(&send("a\0b")), @r#"
    content format: must not contain U+0000
    to 7
    "#);
    assert_snapshot!(told(&json!({
        "type": "send", "roomId": "here", "text": "", "clientId": "temp-1", "replyTo": "",
        "attachments": vec![ID; 11],
    })), @r#"
    roomId format: must be a UUID
    text too_short: must not be empty
    clientId format: must be a UUID
    replyTo format: must be a UUID
    attachments too_many: must have at most 10 items
    "#);
    assert_snapshot!(told(&json!({ "type": "edit", "messageId": "", "message": "" })), @r#"
    messageId format: must be a UUID
    message too_short: must not be empty
    "#);
}

#[test]
fn an_emoji_is_a_short_text() {
    let react =
        |emoji: &str| json!({ "type": "react", "messageId": ID, "emoji": emoji, "on": false });
    for emoji in ["👍🏽", "👩🏿‍❤️‍💋‍👨🏿", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", " 👍 "]
    {
        let Command::React(read) = frame(&react(emoji)).command else {
            panic!("another command")
        };
        assert_eq!(read.emoji, emoji.trim());
    }
    assert_snapshot!(told(&react(" ")), @"emoji too_short: must not be empty");
    assert_snapshot!(told(&react(&"👍".repeat(33))), @"emoji too_long: must have at most 32 characters");
}

#[test]
fn a_seq_is_from_0_to_the_last_that_there_can_be() {
    for kind in [CommandKind::Read, CommandKind::Delivered] {
        let cursor = |seq: Value| json!({ "type": kind, "roomId": ID, "seq": seq });
        for seq in [0, 1, PLACE_MAX] {
            assert!(written(&frame(&cursor(json!(seq)))).contains(&format!(":{seq}")));
        }
        // To JSON this is the same number.
        assert!(written(&frame(&cursor(json!(7.0)))).contains(":7"));
        for seq in [json!(-1), json!(PLACE_MAX + 1), json!(7.5), json!("7")] {
            assert!(told(&cursor(seq)).starts_with("seq "));
        }
    }
}

#[test]
fn rooms_are_subscribed_from_a_rev_or_from_now() {
    let upper = format!(" {} ", OTHER.to_uppercase());
    let read = subscribe(&json!({ ID: 12, upper: null }));
    let rooms = BTreeMap::from([(id(ID), Some(12)), (id(OTHER), None)]);
    assert_eq!((read.rooms, read.epoch), (rooms, None));
    assert_eq!(subscribe(&json!({})).rooms, BTreeMap::new());
}

#[test]
fn more_rooms_than_a_connection_may_have_are_read() {
    let name = |number: u32| format!("0195b4a0-0000-7000-8000-{number:012x}");
    let rooms: Value = (0..2500)
        .map(|number| (name(number), json!(null)))
        .collect();
    assert_eq!(subscribe(&rooms).rooms.len(), 2500);
}

#[test]
fn bad_rooms_are_told() {
    for (rooms, line) in [
        (json!([ID]), "rooms type: must be an object"),
        (json!(ID), "rooms type: must be an object"),
        (json!(null), "rooms required: is required"),
        (json!({ "x": 1 }), "rooms format: must have UUIDs as names"),
        (
            json!({ "": null }),
            "rooms format: must have UUIDs as names",
        ),
        (
            json!({ ID: 1, ID.replace('-', ""): 1 }),
            "rooms format: must have UUIDs as names",
        ),
        (
            json!({ ID: -1 }),
            "rooms range: each must be from 0 to 9007199254740991 or null",
        ),
        (
            json!({ ID: PLACE_MAX + 1 }),
            "rooms range: each must be from 0 to 9007199254740991 or null",
        ),
        (
            json!({ ID: "1" }),
            "rooms type: each must be a whole number or null",
        ),
        (
            json!({ ID: 1.5 }),
            "rooms type: each must be a whole number or null",
        ),
        (
            json!({ ID: { "since": 1 } }),
            "rooms type: each must be a whole number or null",
        ),
        (
            json!({ format!("{ID} "): 1, ID: 2 }),
            "rooms format: must name each id once",
        ),
    ] {
        assert_eq!(
            told(&json!({ "type": "subscribe", "rooms": rooms })),
            line,
            "{rooms}"
        );
    }
}

#[test]
fn an_epoch_is_a_short_text_to_the_letter() {
    let subscribe = |epoch: &str| json!({ "type": "subscribe", "rooms": {}, "epoch": epoch });
    let epoch = |text: &str| {
        let Command::Subscribe(read) = frame(&subscribe(text)).command else {
            panic!("another command")
        };
        read.epoch
    };
    let longest = "e".repeat(64);
    assert_eq!(epoch(&longest), Some(longest));
    for other in ["", " ", " e1 "] {
        assert_eq!(epoch(other).as_deref(), Some(other));
    }
    assert_snapshot!(told(&subscribe(&"e".repeat(65))), @"epoch too_long: must have at most 64 characters");
}

#[test]
fn a_token_is_taken_as_it_is_and_does_not_show_itself() {
    let read = frame(&json!({ "type": "auth", "token": " a.b.c " }));
    assert!(!format!("{read:?}").contains("a.b.c"));
    let Command::Auth { token } = read.command else {
        panic!("another command")
    };
    assert_eq!(token.reveal(), " a.b.c ");
    assert_snapshot!(told(&json!({ "type": "auth", "token": "a\0" })), @"token format: must not contain U+0000");
}
