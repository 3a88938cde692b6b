//! Tertulia's vocabulary `rooms`: Socket.IO 5, on a WebSocket from the beginning.

use super::text::{Key, number};
use super::{Dialect, Heard, SocketIo};
use crate::{stamp, wire};

/// The id of the event that joins a room. Messages have other ids.
const JOIN: u64 = 0;

static CONTENT: Key = Key::new(r#""content":""#);

/// Tertulia's vocabulary `rooms`.
pub(crate) struct Rooms;

impl Dialect for Rooms {
    fn request(&self, token: Option<&str>) -> Vec<u8> {
        wire::request("/socket.io/?EIO=4&transport=websocket", token)
    }

    /// An event joins one room, so only the first is joined.
    fn subscribe(&self, rooms: &[(&str, Option<u64>)]) -> String {
        let room = rooms.first().map_or("", |(room, _)| room);
        format!(r#"42{JOIN}["join_room",{{"roomId":"{room}"}}]"#)
    }

    fn send(&self, number: u64, room: &str, text: &str) -> String {
        format!(r#"42{number}["send_message",{{"roomId":"{room}","content":"{text}"}}]"#)
    }

    fn hear<'a>(&self, said: &'a [u8]) -> Heard<'a> {
        // No other event carries a message's text, but acknowledgements repeat it.
        if let Some(event) = said.strip_prefix(br#"42["receive_message","#) {
            return CONTENT
                .after(event)
                .and_then(stamp::sent)
                .map_or(Heard::Other, Heard::Message);
        }
        match said {
            [b'4', b'2', ..] => Heard::Other,
            [b'4', b'3', rest @ ..] => match number(rest) {
                Some((_, answer)) if answer.starts_with(br#"[{"code":"#) => Heard::Refused(said),
                Some((JOIN, _)) => Heard::Subscribed(said),
                Some((number, _)) => Heard::Acked(number),
                None => Heard::Other,
            },
            _ => SocketIo.hear(said),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_is_understood() {
        let text = stamp::text(9);
        let event = format!(r#"42["receive_message",{{"_id":"m","content":"{text}"}}]"#);
        let refused = &br#"4312[{"code":"rate_limited","ok":false}]"#[..];
        for (said, expected) in [
            (&br#"0{"sid":"x"}"#[..], Heard::Expects("40")),
            (br#"40{"sid":"y"}"#, Heard::Ready),
            (br#"42["joined_room",{"rev":1}]"#, Heard::Other),
            (
                br#"430[{"ok":true}]"#,
                Heard::Subscribed(br#"430[{"ok":true}]"#),
            ),
            (br#"4312[{"message":{},"ok":true}]"#, Heard::Acked(12)),
            (refused, Heard::Refused(refused)),
            (event.as_bytes(), Heard::Message(9)),
        ] {
            assert_eq!(Rooms.hear(said), expected);
        }
    }
}
