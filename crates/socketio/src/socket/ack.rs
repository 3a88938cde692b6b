//! Acknowledgements of events, both ways.

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
use crate::wire::{EncodeError, Encoded};

/// Answers an event, once and from any thread. If it is dropped, there is no answer.
#[must_use = "the client waits for an answer"]
pub struct Ack {
    seat: Arc<Seat>,
    id: u64,
}

impl Ack {
    pub(super) const fn new(seat: Arc<Seat>, id: u64) -> Self {
        Self { seat, id }
    }

    /// Sends the answer. A tuple or an array becomes several arguments, anything else a single one.
    ///
    /// A client that does not read the answers it asks for is disconnected once twice the bounds are
    /// full.
    pub fn send<T: ?Sized + Serialize>(self, args: &T) -> Result<(), EmitError> {
        let packet = Encoded::ack(&self.seat.namespace, self.id, args)?;
        self.hand_over(&packet)
    }

    /// Sends an answer whose arguments are JSON values, with attachments that they refer to by
    /// placeholders.
    pub fn send_with(self, args: &[Value], attachments: &[Bytes]) -> Result<(), EmitError> {
        let packet = Encoded::ack_with(&self.seat.namespace, self.id, args, attachments)?;
        self.hand_over(&packet)
    }

    /// The answer as a packet, for a [`Source`](crate::Source) to send in order with its own frames: what
    /// is [sent](Self::send) overtakes everything that a source has waiting.
    pub fn encode<T: ?Sized + Serialize>(self, args: &T) -> Result<Encoded, EncodeError> {
        Encoded::ack(&self.seat.namespace, self.id, args)
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
    /// Its arguments, with placeholders for binary data.
    pub args: Vec<Value>,
    /// The binary data that came along.
    pub attachments: Vec<Bytes>,
}

/// Answers that are pending.
#[derive(Default)]
pub(super) struct Acks(Mutex<Waiting>);

#[derive(Default)]
struct Waiting {
    next: u64,
    askers: HashMap<u64, oneshot::Sender<Answer>>,
}

impl Acks {
    /// Registers another pending answer, unless there are `most` of them.
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

    /// Delivers an answer. One that nothing waits for is dropped.
    pub(super) fn answer(&self, id: u64, answer: Answer) {
        let asker = lock(&self.0).askers.remove(&id);
        if let Some(asker) = asker {
            // This fails if the caller has given up waiting.
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
