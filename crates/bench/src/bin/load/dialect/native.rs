//! Tertulia's own protocol, `/api/ws`.

use std::sync::atomic::{AtomicU64, Ordering};

use super::text::{Key, number};
use super::{Dialect, Heard};
use crate::{stamp, wire};

/// The id of the command that joins rooms. Messages have other ids.
const SUBSCRIBE: u64 = 0;

static TYPE: Key = Key::new(r#""type":""#);
static CONTENT: Key = Key::new(r#""content":""#);
static RETRY: Key = Key::new(r#""retryAfter":"#);
static ID: Key = Key::new(r#""id":"#);

/// Tertulia's own protocol.
pub(crate) struct Native;

impl Dialect for Native {
    fn request(&self, token: Option<&str>) -> Vec<u8> {
        wire::request("/api/ws", token)
    }

    fn subscribe(&self, rooms: &[(&str, Option<u64>)]) -> String {
        let rooms: Vec<String> = rooms
            .iter()
            .map(|(room, since)| match since {
                Some(rev) => format!(r#""{room}":{rev}"#),
                None => format!(r#""{room}":null"#),
            })
            .collect();
        let rooms = rooms.join(",");
        format!(r#"{{"type":"subscribe","id":{SUBSCRIBE},"rooms":{{{rooms}}}}}"#)
    }

    fn send(&self, number: u64, room: &str, text: &str) -> String {
        let client = client_id();
        format!(
            r#"{{"type":"send","id":{number},"roomId":"{room}","content":"{text}","clientId":"{client}"}}"#
        )
    }

    fn hear<'a>(&self, said: &'a [u8]) -> Heard<'a> {
        let Some(kind) = TYPE.after(said) else {
            return Heard::Other;
        };
        if kind.starts_with(b"message\"") {
            return CONTENT
                .after(kind)
                .and_then(stamp::sent)
                .map_or(Heard::Other, Heard::Message);
        }
        if kind.starts_with(b"ack\"") {
            return match acked(kind) {
                Some(SUBSCRIBE) => Heard::Subscribed(said),
                Some(number) => Heard::Acked(number),
                None => Heard::Other,
            };
        }
        if kind.starts_with(b"ready\"") {
            return Heard::Ready;
        }
        if kind.starts_with(b"error\"") {
            return match (acked(kind), RETRY.after(kind).and_then(number)) {
                (Some(SUBSCRIBE), Some((seconds, _))) => Heard::Later(seconds),
                _ => Heard::Refused(said),
            };
        }
        Heard::Other
    }
}

/// The number in an acknowledgement. Its other ids are strings.
fn acked(mut ack: &[u8]) -> Option<u64> {
    loop {
        ack = ID.after(ack)?;
        if let Some((number, _)) = number(ack) {
            return Some(number);
        }
    }
}

/// A unique client id for a message.
fn client_id() -> String {
    static LAST: AtomicU64 = AtomicU64::new(0);
    let last = LAST.fetch_add(1, Ordering::Relaxed);
    format!("00000000-0000-7000-8000-{last:012x}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rooms_are_joined_from_where_somebody_was() {
        let said = Native.subscribe(&[("a", None), ("b", Some(7))]);
        let expected = r#"{"type":"subscribe","id":0,"rooms":{"a":null,"b":7}}"#;
        assert_eq!(said, expected);
    }

    #[test]
    fn what_is_said_is_understood() {
        let text = stamp::text(42);
        let message = format!(
            r#"{{"type":"message","op":"created","roomId":"r","rev":3,"prev":2,"message":{{"id":"m","content":"{text}"}}}}"#
        );
        let subscribed = br#"{"type":"ack","id":0,"rooms":{}}"#;
        for (said, expected) in [
            (message.as_bytes(), Heard::Message(42)),
            (
                &br#"{"type":"message","message":{"content":"hello"}}"#[..],
                Heard::Other,
            ),
            (subscribed, Heard::Subscribed(subscribed)),
            (
                br#"{"type":"ack","id":17,"message":{"id":"m"}}"#,
                Heard::Acked(17),
            ),
            (
                br#"{"type":"ack","message":{"id":"m"},"id":17}"#,
                Heard::Acked(17),
            ),
            (br#"{"type":"ready","userId":"u"}"#, Heard::Ready),
            (
                br#"{"type":"error","id":0,"code":"overloaded","retryAfter":2}"#,
                Heard::Later(2),
            ),
            (br#"{"type":"presence","userId":"u"}"#, Heard::Other),
        ] {
            assert_eq!(Native.hear(said), expected);
        }
        assert!(matches!(
            Native.hear(br#"{"type":"error","id":1}"#),
            Heard::Refused(_)
        ));
    }

    #[test]
    fn no_two_messages_have_one_name() {
        assert_ne!(client_id(), client_id());
    }
}
