//! Answers to what clients request.

use domain::RoomId;
use realtime::Connection;
use serde_json::{Map, Value, json};
use socketio::{Ack, Socket};

use super::vocabulary::written;
use crate::error::ApiError;

/// Answers one event, if its client asked for an acknowledgement.
pub(super) struct Reply {
    socket: Socket,
    ack: Option<Ack>,
}

impl Reply {
    pub(super) const fn new(socket: Socket, ack: Option<Ack>) -> Self {
        Self { socket, ack }
    }

    /// The order succeeded, with these results.
    pub(super) fn done(self, mut fields: Map<String, Value>) {
        let Some(ack) = self.ack else { return };
        fields.insert("ok".to_owned(), Value::Bool(true));
        if let Err(error) = ack.send(&(Value::Object(fields),)) {
            tracing::debug!(%error, "an answer could not be queued");
        }
    }

    /// The order succeeded, as [`done`](Self::done) says, but the client is to learn of it only after what
    /// its connection has queued already.
    pub(super) fn done_in_order(
        &mut self,
        connection: &Connection,
        mut fields: Map<String, Value>,
    ) {
        let Some(ack) = self.ack.take() else { return };
        fields.insert("ok".to_owned(), Value::Bool(true));
        match ack.encode(&(Value::Object(fields),)) {
            Ok(packet) => connection.send_all(packet.bytes().clone(), packet.frames()),
            Err(error) => tracing::error!(%error, "an answer cannot be encoded"),
        }
    }

    /// The order failed. That is also told by an event, for clients that ask for no acknowledgement.
    pub(super) fn refused(self, error: &ApiError) {
        let told = told(error);
        if let Some(ack) = self.ack {
            let mut fields = told.clone();
            fields.insert("ok".to_owned(), Value::Bool(false));
            if let Err(error) = ack.send(&(Value::Object(fields),)) {
                tracing::debug!(%error, "an answer could not be queued");
            }
        }
        tell_error(&self.socket, Value::Object(told));
    }
}

/// Reports an error that answers no request.
pub(super) fn complain(socket: &Socket, error: &ApiError) {
    tell_error(socket, Value::Object(told(error)));
}

/// Reports an error about a room that the client had before.
pub(super) fn complain_of(socket: &Socket, room: RoomId, error: &ApiError) {
    let mut fields = told(error);
    fields.insert("roomId".to_owned(), json!(room.as_uuid()));
    tell_error(socket, Value::Object(fields));
}

fn tell_error(socket: &Socket, told: Value) {
    let frame = socketio::Encoded::from_frames(written("error", told));
    if let Some(frame) = frame
        && let Err(error) = socket.insist(&frame)
    {
        tracing::debug!(%error, "an error event could not be queued");
    }
}

fn told(error: &ApiError) -> Map<String, Value> {
    let mut fields = Map::new();
    fields.insert("code".to_owned(), json!(error.code()));
    fields.insert("message".to_owned(), json!(error.detail()));
    if !error.fields().is_empty() {
        fields.insert("errors".to_owned(), json!(error.fields()));
    }
    if let Some(seconds) = error.retry_after() {
        fields.insert("retryAfter".to_owned(), json!(seconds));
    }
    fields
}
