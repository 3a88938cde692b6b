//! What the server writes, and that a client reads the same.

use std::collections::HashSet;

use insta::assert_snapshot;
use serde_json::json;

use super::samples;
use crate::realtime::{Ack, ServerFrame, ServerFrameKind};
use crate::shape::tests::scene::survives;

/// The frame on one line; the shapes in it have snapshots of their own.
fn line(frame: &ServerFrame) -> String {
    let mut json = serde_json::to_value(frame).unwrap();
    for shape in ["message", "member", "room", "media", "summary"] {
        if let Some(shape) = json.get_mut(shape).filter(|shape| shape.is_object()) {
            *shape = json!("…");
        }
    }
    json.to_string()
}

#[test]
fn frames_as_the_server_writes_them() {
    let lines: Vec<_> = samples::frames().iter().map(line).collect();
    assert_snapshot!(lines.join("\n"), @r#"
    {"connectionId":"0195b4a0-0000-7000-8000-000000000029","epoch":"e1","heartbeat":25,"serverTime":"2026-01-02T03:04:05.678Z","sessionId":"0195b4a0-0000-7000-8000-000000000028","type":"ready","userId":"0195b4a0-0000-7000-8000-000000000001"}
    {"code":"muted","message":"you may not write here for now","type":"error"}
    {"code":"invalid","errors":[{"code":"required","field":"content","message":"is required"}],"id":7,"message":"some fields are not acceptable","retryAfter":3,"type":"error"}
    {"type":"pong"}
    {"id":7,"type":"pong"}
    {"id":7,"roomId":"0195b4a0-0000-7000-8000-00000000000a","text":"Ana ","type":"summary_part"}
    {"roomId":"0195b4a0-0000-7000-8000-00000000000a","type":"summary_hint","unread":120}
    {"rooms":["0195b4a0-0000-7000-8000-00000000000a"],"type":"lagging"}
    {"reset":false,"rev":12,"roomId":"0195b4a0-0000-7000-8000-00000000000a","type":"resumed"}
    {"in":60,"type":"token_expiring"}
    {"type":"session_revoked"}
    {"reconnectIn":1500,"type":"shutdown"}
    {"id":7,"message":"…","type":"ack"}
    {"id":7,"rooms":{"0195b4a0-0000-7000-8000-00000000000a":{"deliveredSeq":6,"readSeq":5,"replayed":3,"reset":false,"rev":12,"seq":7},"0195b4a0-0000-7000-8000-00000000000b":{"code":"too_many"}},"type":"ack"}
    {"deliveredSeq":6,"id":7,"readSeq":5,"type":"ack"}
    {"count":2,"id":7,"online":["0195b4a0-0000-7000-8000-000000000001","0195b4a0-0000-7000-8000-000000000002"],"type":"ack"}
    {"id":7,"summary":"…","type":"ack"}
    {"id":7,"tokenExpiresAt":"2026-01-02T03:05:05.678Z","type":"ack"}
    {"id":7,"type":"ack"}
    {"message":"…","op":"deleted","prev":11,"rev":12,"roomId":"0195b4a0-0000-7000-8000-00000000000a","type":"message"}
    {"by":{"emoji":"👍","on":true,"userId":"0195b4a0-0000-7000-8000-000000000002"},"message":"…","op":"updated","prev":11,"rev":12,"roomId":"0195b4a0-0000-7000-8000-00000000000a","type":"message"}
    {"member":"…","op":"joined","prev":11,"rev":12,"roomId":"0195b4a0-0000-7000-8000-00000000000a","type":"member"}
    {"member":"…","op":"left","prev":11,"rev":12,"roomId":"0195b4a0-0000-7000-8000-00000000000a","type":"member"}
    {"op":"updated","prev":11,"rev":12,"room":"…","roomId":"0195b4a0-0000-7000-8000-00000000000a","type":"room"}
    {"prev":11,"rev":12,"roomId":"0195b4a0-0000-7000-8000-00000000000a","type":"skip"}
    {"deliveredSeq":6,"readSeq":5,"roomId":"0195b4a0-0000-7000-8000-00000000000a","type":"receipt","userId":"0195b4a0-0000-7000-8000-000000000001"}
    {"on":true,"roomId":"0195b4a0-0000-7000-8000-00000000000a","type":"typing","userId":"0195b4a0-0000-7000-8000-000000000001"}
    {"status":"online","type":"presence","userId":"0195b4a0-0000-7000-8000-000000000001"}
    {"lastSeenAt":"2026-01-02T03:04:14.678Z","status":"offline","type":"presence","userId":"0195b4a0-0000-7000-8000-000000000001"}
    {"room":"…","type":"room_added"}
    {"room":"…","type":"room_added"}
    {"reason":"kicked","roomId":"0195b4a0-0000-7000-8000-00000000000a","type":"room_removed"}
    {"media":"…","type":"media"}
    {"media":"…","type":"media"}
    {"kind":"mention","messageId":"0195b4a0-0000-7000-8000-000000000014","roomId":"0195b4a0-0000-7000-8000-00000000000a","type":"notification"}
    "#);
}

#[test]
fn a_client_reads_what_the_server_wrote() {
    for frame in samples::frames() {
        survives(&frame);
    }
}

#[test]
fn there_is_a_sample_of_every_frame_and_its_type_is_the_word() {
    let samples = samples::frames();
    let kinds: HashSet<_> = samples.iter().map(ServerFrame::kind).collect();
    assert_eq!(kinds.len(), ServerFrameKind::ALL.len());
    for frame in samples {
        let json = serde_json::to_value(&frame).unwrap();
        assert_eq!(json["type"], frame.kind().as_str());
    }
}

#[test]
fn acks_are_told_apart_by_what_they_carry() {
    for ack in samples::acks() {
        let json = json!({ "type": "ack", "id": 7, "later": true });
        let mut json = json.as_object().unwrap().clone();
        json.extend(
            serde_json::to_value(&ack)
                .unwrap()
                .as_object()
                .unwrap()
                .clone(),
        );
        let read: ServerFrame = serde_json::from_value(json.into()).unwrap();
        assert_eq!(read, ServerFrame::Ack { id: 7, ack });
    }
    let read: ServerFrame = serde_json::from_str(r#"{"type":"ack","id":7}"#).unwrap();
    assert_eq!(
        read,
        ServerFrame::Ack {
            id: 7,
            ack: Ack::Done {}
        }
    );
}

#[test]
fn a_frame_of_another_type_or_without_its_fields_is_none() {
    for text in [
        "{}",
        r#"{"type":"dance"}"#,
        r#"{"type":"skip","roomId":"0195b4a0-0000-7000-8000-000000000001","rev":1}"#,
        r#"{"type":"ack"}"#,
    ] {
        assert!(serde_json::from_str::<ServerFrame>(text).is_err(), "{text}");
    }
}
