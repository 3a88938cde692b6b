//! Answers to events, both ways.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use serde::Serialize;
use serde_json::Value;
use tokio::sync::oneshot;

use super::seat::Seat;
use crate::engine::Urgency;
use crate::error::{EmitError, SendError};
use crate::lock::lock;
use crate::wire::Encoded;

/// Answers an event, once and from any thread. Dropping it answers nothing.
#[must_use = "the client waits for an answer"]
pub struct Ack {
    seat: Arc<Seat>,
    id: u64,
}

impl Ack {
    pub(super) const fn new(seat: Arc<Seat>, id: u64) -> Self {
        Self { seat, id }
    }

    /// Answers. A tuple or an array is so many arguments, anything else is one.
    ///
    /// A client that does not read the answers that it asks for, until twice the bounds are full, is
    /// disconnected.
    pub fn send<T: ?Sized + Serialize>(self, args: &T) -> Result<(), EmitError> {
        let packet = Encoded::ack(&self.seat.namespace, self.id, args)?;
        self.hand_over(&packet)
    }

    /// Answers with values that stand, and attachments that they name by place-holders.
    pub fn send_with(self, args: &[Value], attachments: &[Bytes]) -> Result<(), EmitError> {
        let packet = Encoded::ack_with(&self.seat.namespace, self.id, args, attachments)?;
        self.hand_over(&packet)
    }

    fn hand_over(&self, packet: &Encoded) -> Result<(), EmitError> {
        if self.seat.has_ended() {
            return Err(SendError::Gone.into());
        }
        Ok(self.seat.session.send(packet, Urgency::Must)?)
    }
}

impl fmt::Debug for Ack {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Ack").field(&self.id).finish()
    }
}

/// What a client answered.
#[derive(Debug, PartialEq)]
pub struct Answer {
    /// Its arguments, with place-holders for bytes.
    pub args: Vec<Value>,
    /// The bytes that came along.
    pub attachments: Vec<Bytes>,
}

/// Answers that are waited for.
#[derive(Default)]
pub(super) struct Acks(Mutex<Waiting>);

#[derive(Default)]
struct Waiting {
    next: u64,
    askers: HashMap<u64, oneshot::Sender<Answer>>,
}

impl Acks {
    /// Waits for one more, unless there are so many.
    pub(super) fn expect(&self, most: usize) -> Option<(u64, oneshot::Receiver<Answer>)> {
        let mut waiting = lock(&self.0);
        if waiting.askers.len() >= most {
            return None;
        }
        let id = waiting.next;
        waiting.next = waiting.next.wrapping_add(1);
        let (asker, answer) = oneshot::channel();
        waiting.askers.insert(id, asker);
        Some((id, answer))
    }

    /// An answer came. One that nobody waits for is dropped.
    pub(super) fn answer(&self, id: u64, answer: Answer) {
        let asker = lock(&self.0).askers.remove(&id);
        if let Some(asker) = asker {
            // Whoever asked has given up.
            drop(asker.send(answer));
        }
    }

    pub(super) fn forget(&self, id: u64) {
        lock(&self.0).askers.remove(&id);
    }

    /// No more answers will come.
    pub(super) fn clear(&self) {
        lock(&self.0).askers = HashMap::new();
    }
}
