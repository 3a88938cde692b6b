//! No protocol at all: what one client sends is relayed to all others.

use super::text::Key;
use super::{Dialect, Heard};
use crate::{stamp, wire};

static CONTENT: Key = Key::new(r#""content":""#);

/// What the bare loop relays.
pub(crate) struct Bare;

impl Dialect for Bare {
    fn request(&self, _token: Option<&str>) -> Vec<u8> {
        wire::request("/", None)
    }

    fn ready_at_once(&self) -> bool {
        true
    }

    fn subscribe(&self, _rooms: &[(&str, Option<u64>)]) -> String {
        "join".to_owned()
    }

    /// The frame as subscribers receive it: in the form and length of one of Tertulia's, so that both servers
    /// write the same number of bytes.
    fn send(&self, number: u64, room: &str, text: &str) -> String {
        let id = "019ac3f0-5b6e-7c21-9d40-3f5a8e7b1c2d";
        format!(
            r#"{{"type":"message","op":"created","roomId":"{room}","rev":{number},"prev":{number},"message":{{"id":"{id}","roomId":"{room}","seq":1234,"rev":1234,"senderId":"{id}","sender":{{"id":"{id}","username":"person1000","displayName":"person1000"}},"content":"{text}","clientId":"{id}","replyCount":0,"attachments":[],"mentions":[],"reactions":[],"createdAt":"2026-01-01T00:00:00.000Z","pinned":false}}}}"#
        )
    }

    fn hear<'a>(&self, said: &'a [u8]) -> Heard<'a> {
        if said == b"joined" {
            return Heard::Subscribed(said);
        }
        CONTENT
            .after(said)
            .and_then(stamp::sent)
            .map_or(Heard::Other, Heard::Message)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sent_is_heard() {
        let sent = Bare.send(1, "room", &stamp::text(5));
        assert_eq!(Bare.hear(sent.as_bytes()), Heard::Message(5));
        assert_eq!(Bare.hear(b"joined"), Heard::Subscribed(b"joined"));
    }
}
