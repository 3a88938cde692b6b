//! Reading what the server says, also where it is newer than this client.

use protocol::realtime::ServerFrame;
use serde::Deserialize;
use uuid::Uuid;

/// A frame.
#[derive(Debug)]
pub(super) enum Heard {
    /// One that is known.
    Known(Box<ServerFrame>),
    /// One that is not, of which this can be read.
    Strange(Strange),
    /// Nothing of this protocol.
    Nothing,
}

/// As much as any frame may have.
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
    /// Where a durable one stands: it counts as told, or everything after it would seem to have a hole
    /// before it.
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
