//! Parses frames of the server, including those of newer servers.

use protocol::realtime::ServerFrame;
use serde::Deserialize;
use uuid::Uuid;

/// A frame.
#[derive(Debug)]
pub(super) enum Heard {
    /// A known one.
    Known(Box<ServerFrame>),
    /// An unknown one, with the fields that could be parsed.
    Strange(Strange),
    /// Not a frame of this protocol.
    Nothing,
}

/// The fields that any frame may have.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Strange {
    #[serde(rename = "type")]
    pub(super) kind: String,
    pub(super) id: Option<u64>,
    pub(super) room_id: Option<Uuid>,
    pub(super) rev: Option<i64>,
    pub(super) prev: Option<i64>,
}

impl Strange {
    /// The position of a durable frame. An unknown one counts as delivered; otherwise everything
    /// after it would look like a gap.
    pub(super) fn place(&self) -> Option<(Uuid, i64, i64)> {
        Some((self.room_id?, self.prev?, self.rev?))
    }
}

pub(super) fn read(text: &str) -> Heard {
    match serde_json::from_str(text) {
        Ok(frame) => Heard::Known(Box::new(frame)),
        Err(_newer_or_nonsense) => {
            serde_json::from_str(text).map_or(Heard::Nothing, Heard::Strange)
        }
    }
}
