//! Socket.IO 5 over Engine.IO 4, on a WebSocket from the beginning.

use super::text::{Key, number};
use super::{Dialect, Heard};
use crate::{stamp, wire};

/// The id of the event that joins rooms. Messages have other ids.
const JOIN: u64 = 0;

static CONTENT: Key = Key::new(r#""content":""#);

/// What `peers/socketio` speaks.
pub(crate) struct SocketIo;

impl Dialect for SocketIo {
    fn request(&self, _token: Option<&str>) -> Vec<u8> {
        wire::request("/socket.io/?EIO=4&transport=websocket", None)
    }

    fn subscribe(&self, rooms: &[(&str, Option<u64>)]) -> String {
        let rooms: Vec<String> = rooms
            .iter()
            .map(|(room, _)| format!(r#""{room}""#))
            .collect();
        format!(r#"42{JOIN}["join",[{}]]"#, rooms.join(","))
    }

    fn send(&self, number: u64, room: &str, text: &str) -> String {
        format!(r#"42{number}["send",{{"roomId":"{room}","content":"{text}"}}]"#)
    }

    fn hear<'a>(&self, said: &'a [u8]) -> Heard<'a> {
        match said {
            // An event.
            [b'4', b'2', ..] => CONTENT
                .after(said)
                .and_then(stamp::sent)
                .map_or(Heard::Other, Heard::Message),
            // An acknowledgement.
            [b'4', b'3', rest @ ..] => match number(rest) {
                Some((JOIN, _)) => Heard::Subscribed(said),
                Some((number, _)) => Heard::Acked(number),
                None => Heard::Other,
            },
            // The transport is open; the client must name a namespace.
            [b'0', ..] => Heard::Expects("40"),
            [b'4', b'0', ..] => Heard::Ready,
            [b'4', b'4', ..] => Heard::Refused(said),
            [b'2'] => Heard::Expects("3"),
            _ => Heard::Other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_is_understood() {
        let event = format!(
            r#"42["message",{{"id":"m","content":"{}"}}]"#,
            stamp::text(9)
        );
        for (said, expected) in [
            (
                &br#"0{"sid":"x","pingInterval":25000}"#[..],
                Heard::Expects("40"),
            ),
            (br#"40{"sid":"y"}"#, Heard::Ready),
            (b"2", Heard::Expects("3")),
            (b"430[]", Heard::Subscribed(b"430[]")),
            (br#"4312["ok"]"#, Heard::Acked(12)),
            (event.as_bytes(), Heard::Message(9)),
            (b"6", Heard::Other),
        ] {
            assert_eq!(SocketIo.hear(said), expected);
        }
    }
}
