//! What closes a connection, and what does not.

use acceptance::{Socket, World, scenarios};
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::frame::Frame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::{Data, OpCode};

use super::scene::{Pair, pair};

scenarios![
    what_is_no_frame_ends_it,
    somebody_elses_token_ends_it,
    what_is_wrong_with_a_frame_is_told,
    a_frame_has_its_length,
    a_frame_may_come_in_pieces,
    who_leaves_is_answered,
];

/// The maximum length of a frame.
const MOST: usize = 128 * 1024;

async fn what_is_no_frame_ends_it(world: &mut World) {
    let Pair {
        ana, room, mut a, ..
    } = pair(world).await;
    let nested = format!(
        r#"{{"type":"ping","x":{}{}}}"#,
        "[".repeat(100),
        "]".repeat(100)
    );
    for text in [
        "",
        " ",
        "hello",
        "[]",
        "42",
        "null",
        "\"ping\"",
        "{",
        "{}",
        r#"{"type":1}"#,
        r#"{"type":null}"#,
        r#"{"type":["ping"]}"#,
        r#"[{"type":"ping"}]"#,
        r#"{"type":"ping"} x"#,
        r#"{"type":"ping",}"#,
        r"{'type':'ping'}",
        r#"{"Type":"ping"}"#,
        &nested,
    ] {
        let mut socket = ana.connects().await;
        socket.says(text).await;
        assert_eq!(socket.ends().await, Some(4503), "{text}");
    }
    for bytes in [&b""[..], br#"{"type":"ping"}"#, &[0xff, 0xfe]] {
        let mut socket = ana.connects().await;
        socket.sends(Message::binary(bytes.to_vec())).await;
        socket.ends_with(4503).await;
    }
    // Other connections are not affected.
    a.posts(&room, "still here").await;
}

async fn somebody_elses_token_ends_it(world: &mut World) {
    let Pair {
        ben, mut a, mut b, ..
    } = pair(world).await;
    a.tells(json!({ "type": "auth", "token": ben.token, "id": 1 }))
        .await;
    a.ends_with(4503).await;
    b.so_far().await;
}

async fn what_is_wrong_with_a_frame_is_told(world: &mut World) {
    let Pair { room, mut a, .. } = pair(world).await;
    for (frame, fields) in [
        (json!({ "type": "dance" }), &["type"][..]),
        (json!({ "type": "Ping" }), &["type"]),
        (json!({ "type": "send" }), &["content", "roomId"]),
        (
            json!({ "type": "send", "roomId": "x", "content": 1, "clientId": "y" }),
            &["clientId", "content", "roomId"],
        ),
        (
            json!({ "type": "send", "roomId": room, "content": "x".repeat(8001) }),
            &["content"],
        ),
        (
            json!({ "type": "edit", "content": "" }),
            &["content", "messageId"],
        ),
        (
            json!({ "type": "delete", "messageId": null }),
            &["messageId"],
        ),
        (
            json!({ "type": "react", "messageId": 1, "emoji": "", "on": "yes" }),
            &["emoji", "messageId", "on"],
        ),
        (json!({ "type": "subscribe" }), &["rooms"]),
        (json!({ "type": "subscribe", "rooms": [room] }), &["rooms"]),
        (
            json!({ "type": "subscribe", "rooms": { &room: -1 } }),
            &["rooms"],
        ),
        (
            json!({ "type": "subscribe", "rooms": { "x": null } }),
            &["rooms"],
        ),
        (json!({ "type": "unsubscribe", "rooms": ["x"] }), &["rooms"]),
        (
            json!({ "type": "read", "roomId": room, "seq": "1" }),
            &["seq"],
        ),
        (json!({ "type": "delivered", "roomId": room }), &["seq"]),
        (json!({ "type": "typing", "roomId": room }), &["on"]),
        (json!({ "type": "presence" }), &["roomId"]),
        (json!({ "type": "auth" }), &["token"]),
    ] {
        assert_eq!(a.ask(frame.clone()).await.fields(), fields, "{frame}");
    }
    // Fields that the command does not have are ignored.
    let frame = json!({ "type": "ping", "since": "ever", "rooms": 7 });
    a.ask(frame).await.of("pong");
}

/// A frame of this many bytes.
fn long(bytes: usize) -> String {
    let frame = |padding: usize| {
        json!({ "type": "ping", "id": 1, "padding": "x".repeat(padding) }).to_string()
    };
    let text = frame(bytes - frame(0).len());
    assert_eq!(text.len(), bytes);
    text
}

async fn a_frame_has_its_length(world: &mut World) {
    let Pair { mut a, mut b, .. } = pair(world).await;
    a.says(&long(MOST)).await;
    assert_eq!(a.next("pong").await["id"], 1);
    a.says(&long(MOST + 1)).await;
    a.ends_with(4513).await;
    // The length of all fragments counts.
    in_pieces(&mut b, &long(MOST + 1), MOST / 2).await;
    b.ends_with(4513).await;
}

async fn in_pieces(socket: &mut Socket, text: &str, each: usize) {
    let pieces: Vec<_> = text.as_bytes().chunks(each).collect();
    for (number, piece) in pieces.iter().enumerate() {
        let kind = match number {
            0 => Data::Text,
            _ => Data::Continue,
        };
        let last = number + 1 == pieces.len();
        let frame = Frame::message(piece.to_vec(), OpCode::Data(kind), last);
        if !socket.tries(Message::Frame(frame)).await {
            return;
        }
    }
}

async fn a_frame_may_come_in_pieces(world: &mut World) {
    let Pair {
        ana, room, mut a, ..
    } = pair(world).await;
    let send = json!({ "type": "send", "roomId": room, "content": "añadidura", "id": 1 });
    // Even between the bytes of a character.
    for each in [1, 7, 40] {
        in_pieces(&mut a, &send.to_string(), each).await;
        let ack: Value = a.next("ack").await;
        assert_eq!(ack["message"]["content"], "añadidura");
    }
    assert_eq!(ana.reads(&room).await.len(), 3);
}

async fn who_leaves_is_answered(world: &mut World) {
    let Pair { a, b, .. } = pair(world).await;
    a.leaves().await;
    b.leaves().await;
}
