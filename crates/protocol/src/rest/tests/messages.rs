//! Messages and how far people have read.

use insta::assert_snapshot;
use serde_json::json;

use super::scene::{ID, OTHER, body, id, query, told, told_of_query, written};
use crate::rest::{CursorTarget, EditMessage, MoveCursor, PostMessage, SearchQuery};

#[test]
fn a_text_has_three_names() {
    for name in ["content", "text", "message"] {
        let sent = json!({ name: " Hello \n" });
        assert_eq!(body::<PostMessage>(&sent).content, "Hello");
        assert_eq!(body::<EditMessage>(&sent).content, "Hello");
    }
}

#[test]
fn a_message_with_everything() {
    let message = PostMessage {
        content: "Hello".into(),
        client_id: Some(id(ID)),
        reply_to: Some(id(OTHER)),
        attachments: vec![id(ID), id(OTHER)],
    };
    assert_snapshot!(written(&message), @r#"{"content":"Hello","clientId":"0195b4a0-0000-7000-8000-000000000001","replyTo":"0195b4a0-0000-7000-8000-000000000002","attachments":["0195b4a0-0000-7000-8000-000000000001","0195b4a0-0000-7000-8000-000000000002"]}"#);
    let bare: PostMessage = body(&json!({
        "content": "Hello", "clientId": null, "replyTo": null, "attachments": null, "rooms": 1,
    }));
    assert_eq!(written(&bare), r#"{"content":"Hello"}"#);
}

#[test]
fn every_bad_field_of_a_message_is_named() {
    assert_snapshot!(told::<PostMessage>(&json!({})), @"content required: is required");
    assert_snapshot!(told::<PostMessage>(&json!({
        "text": "\u{2003}", "clientId": "temp-1", "replyTo": "", "attachments": vec![ID; 11],
    })), @r#"
    text too_short: must not be empty
    clientId format: must be a UUID
    replyTo format: must be a UUID
    attachments too_many: must have at most 10 items
    "#);
    assert_snapshot!(told::<PostMessage>(&json!({
        "message": { "text": "Hello" }, "clientId": 1, "replyTo": [], "attachments": {},
    })), @r#"
    message type: must be a string
    clientId type: must be a string
    replyTo type: must be a string
    attachments type: must be a list of UUIDs
    "#);
    assert_snapshot!(told::<EditMessage>(&json!({ "content": "a\u{0}b" })), @"content format: must not contain U+0000");
}

#[test]
fn a_text_is_counted_in_characters_after_trimming() {
    let longest = "🦀".repeat(8000);
    let sent = json!({ "content": format!("  {longest}  ") });
    assert_eq!(body::<PostMessage>(&sent).content, longest);
    assert_snapshot!(told::<PostMessage>(&json!({ "content": format!("{longest}x") })), @"content too_long: must have at most 8000 characters");
    let one = body::<PostMessage>(&json!({ "content": "x" }));
    assert_eq!(one.content, "x");
}

#[test]
fn ids_have_one_spelling() {
    let upper = ID.to_uppercase();
    let read: PostMessage = body(&json!({ "content": "x", "clientId": format!(" {upper} ") }));
    assert_eq!(read.client_id, Some(id(ID)));
    for odd in [
        &ID.replace('-', ""),
        &format!("{{{ID}}}"),
        &format!("urn:uuid:{ID}"),
    ] {
        let told = told::<PostMessage>(&json!({ "content": "x", "clientId": odd }));
        assert_eq!(told, "clientId format: must be a UUID");
    }
}

#[test]
fn cursors_go_to_a_message_or_to_a_place() {
    for (to, wire) in [
        (
            CursorTarget::Message(id(OTHER)),
            format!(r#"{{"roomId":"{ID}","messageId":"{OTHER}"}}"#),
        ),
        (
            CursorTarget::Seq(7),
            format!(r#"{{"roomId":"{ID}","seq":7}}"#),
        ),
    ] {
        let room_id = id(ID);
        assert_eq!(written(&MoveCursor { room_id, to }), wire);
    }
    assert_snapshot!(told::<MoveCursor>(&json!({})), @r#"
    roomId required: is required
    messageId required: one of messageId, seq is required
    "#);
    assert_snapshot!(told::<MoveCursor>(&json!({
        "roomId": ID, "messageId": OTHER, "seq": 7,
    })), @"seq exclusive: cannot stand beside messageId");
    assert_snapshot!(told::<MoveCursor>(&json!({ "roomId": "x", "messageId": 1 })), @r#"
    roomId format: must be a UUID
    messageId type: must be a string
    "#);
    assert_snapshot!(told::<MoveCursor>(&json!({ "roomId": 1, "seq": "7" })), @r#"
    roomId type: must be a string
    seq type: must be a whole number
    "#);
    assert_snapshot!(told::<MoveCursor>(&json!({ "roomId": ID, "seq": -1 })), @"seq range: must be from 0 to 9007199254740991");
    assert_snapshot!(told::<MoveCursor>(&json!({ "roomId": ID, "seq": 1_i64 << 53 })), @"seq range: must be from 0 to 9007199254740991");
}

#[test]
fn a_search_is_narrowed() {
    let asked: SearchQuery = query("q=hello");
    assert_eq!((&*asked.q, asked.limit), ("hello", 50));
    let asked: SearchQuery = query(&format!(
        "q=hello&roomId={ID}&from={OTHER}&cursor={ID}&limit=5\
         &after=2026-01-02T03:04:05Z&before=2026-01-02T05:04:05%2B01:00"
    ));
    assert_eq!(
        (asked.room_id, asked.from, asked.cursor, asked.limit),
        (Some(id(ID)), Some(id(OTHER)), Some(id(ID)), 5)
    );
    assert!(asked.after < asked.before);
    assert_snapshot!(told_of_query::<SearchQuery>(
        "roomId=1&from=me&cursor=x&limit=101&after=now&before=2026"
    ), @r#"
    q required: is required
    roomId format: must be a UUID
    from format: must be a UUID
    before format: must be a time such as 2026-01-02T03:04:05.678Z
    after format: must be a time such as 2026-01-02T03:04:05.678Z
    cursor format: must be a UUID
    limit range: must be from 1 to 100
    "#);
    assert_snapshot!(told_of_query::<SearchQuery>(&format!("q={}", "x".repeat(201))), @"q too_long: must have at most 200 characters");
}
