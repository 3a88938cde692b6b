//! The connection of a client to a namespace.

use std::collections::HashSet;
use std::sync::{Arc, Mutex};

use engineioxide_core::Sid;

use super::ack::{Ack, Acks, Answer};
use super::crowd::Crowd;
use super::inbox::Inbox;
use super::incoming::Event;
use crate::engine::{Session, Urgency};
use crate::error::{ConnectError, SendError};
use crate::lock::lock;
use crate::reason::Reason;
use crate::wire::Encoded;

/// The connection of a client to a namespace.
pub(crate) struct Seat {
    pub(crate) id: Sid,
    pub(crate) namespace: Arc<str>,
    pub(crate) session: Arc<Session>,
    pub(super) crowd: Arc<Crowd>,
    pub(super) inbox: Inbox,
    pub(super) acks: Acks,
    pub(super) rooms: Mutex<HashSet<Arc<str>>>,
}

impl Seat {
    pub(super) fn new(session: &Arc<Session>, namespace: Arc<str>, crowd: Arc<Crowd>) -> Arc<Self> {
        let options = &session.shared.options;
        Arc::new(Self {
            id: Sid::new(),
            namespace,
            session: Arc::clone(session),
            crowd,
            inbox: Inbox::new(
                options.incoming_events,
                options.max_payload,
                options.max_payload.saturating_add(options.max_attached),
            ),
            acks: Acks::default(),
            rooms: Mutex::default(),
        })
    }

    pub(super) fn has_ended(&self) -> bool {
        self.inbox.ended().is_some()
    }

    /// Sends an event of its namespace.
    pub(super) fn send(&self, packet: &Encoded, urgency: Urgency) -> Result<(), SendError> {
        if self.has_ended() {
            return Err(SendError::Gone);
        }
        self.session.send(packet, urgency)
    }

    /// Tells the client that it is connected. Returns `false` if it is gone.
    #[must_use]
    pub(super) fn welcome(self: &Arc<Self>) -> bool {
        if self.has_ended() {
            return false;
        }
        let json = format!(r#"{{"sid":"{}"}}"#, self.id);
        self.session
            .tell(&Encoded::plain('0', &self.namespace, &json));
        self.crowd.enter(self);
        let here = self.inbox.connect();
        if !here {
            self.crowd.leave(self);
        }
        here
    }

    /// Tells the client why it may not connect.
    pub(super) fn refuse(&self, error: &ConnectError) {
        refuse(&self.session, &self.namespace, error);
        self.session.seats.remove(self, false);
        self.end(Reason::ServerDisconnect);
    }

    /// Removes the client from the namespace.
    pub(crate) fn disconnect(&self) {
        if self.end(Reason::ServerDisconnect) {
            self.session.tell(&Encoded::plain('1', &self.namespace, ""));
            self.session.seats.remove(self, true);
        }
    }

    /// Ends it. Returns `false` if it had ended before.
    pub(super) fn end(&self, reason: Reason) -> bool {
        let first = self.inbox.end(reason);
        if first {
            self.acks.clear();
            self.crowd.leave(self);
        }
        first
    }

    /// Queues an event, as soon as its socket's queue has room.
    pub(super) async fn put(self: &Arc<Self>, mut event: Event, id: Option<u64>, size: usize) {
        event.ack = id.map(|id| Ack::new(Arc::clone(self), id));
        self.inbox
            .put(event, size, || self.session.is_probed())
            .await;
    }

    pub(super) fn answer(&self, id: u64, answer: Answer) {
        self.acks.answer(id, answer);
    }

    pub(super) fn join(self: &Arc<Self>, room: &str) {
        if !self.has_ended() {
            let room: Arc<str> = Arc::from(room);
            lock(&self.rooms).insert(Arc::clone(&room));
            self.crowd.join(self, room);
            // It may have ended in the meantime, on another thread.
            if self.has_ended() {
                self.crowd.leave(self);
            }
        }
    }

    pub(super) fn leave(&self, room: &str) {
        lock(&self.rooms).remove(room);
        self.crowd.quit(self, room);
    }
}

/// Tells a client why it may not connect to a namespace.
pub(super) fn refuse(session: &Session, namespace: &str, error: &ConnectError) {
    let mut json = serde_json::Map::new();
    json.insert("message".to_owned(), error.message.clone().into());
    if let Some(data) = &error.data {
        json.insert("data".to_owned(), data.clone());
    }
    let json = serde_json::Value::Object(json).to_string();
    session.tell(&Encoded::plain('4', namespace, &json));
}
