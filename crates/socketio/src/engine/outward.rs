//! What a session sends to its client.

use std::sync::atomic::Ordering;
use std::task::{Context, Poll};

use bytes::Bytes;

use super::queue::Position;
use super::session::Session;
use super::state::{Claim, Polled, State};
use crate::error::SendError;
use crate::lock::lock;
use crate::reason::Reason;
use crate::wire::{self, Encoded};

/// What happens to a frame when the queue is filling up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Urgency {
    /// Refused when the queue is half full.
    Volatile,
    /// Refused when the queue is full.
    Usual,
    /// Would not be sent again: the session is closed once even twice the bounds are full.
    Must,
}

impl Session {
    /// Queues a packet.
    pub(crate) fn send(&self, packet: &Encoded, urgency: Urgency) -> Result<(), SendError> {
        self.push(packet.bytes().clone(), packet.frames(), urgency)
    }

    /// Queues a packet that must not be missed.
    pub(crate) fn tell(&self, packet: &Encoded) {
        // This fails only if the session has ended, which all concerned learn anyway.
        self.send(packet, Urgency::Must).ok();
    }

    pub(super) fn push(
        &self,
        bytes: Bytes,
        frames: usize,
        urgency: Urgency,
    ) -> Result<(), SendError> {
        let fits = {
            let mut state = lock(&self.state);
            if state.ended.is_some() {
                return Err(SendError::Gone);
            }
            let fits = match urgency {
                Urgency::Volatile => !state.queue.is_half_full(),
                Urgency::Usual => state.queue.fits(bytes.len(), frames, 1),
                Urgency::Must => state.queue.fits(bytes.len(), frames, 2),
            };
            if fits {
                self.hand_over(&mut state, bytes, frames);
            }
            fits
        };
        if fits {
            return Ok(());
        }
        if urgency == Urgency::Must {
            tracing::debug!(sid = %self.sid, "a client does not read its queue");
            self.close(Reason::TransportError);
        }
        Err(SendError::Full)
    }

    /// Queues a piece, and returns its position.
    fn hand_over(&self, state: &mut State, bytes: Bytes, frames: usize) -> u64 {
        state.queue.push(bytes, frames);
        let position = self.handed.fetch_add(1, Ordering::AcqRel).saturating_add(1);
        state.wake();
        position
    }

    /// Pings the client. The answer, which may come at once, proves that what was queued before has
    /// arrived.
    pub(super) fn ping(&self) {
        let mut state = lock(&self.state);
        if state.ended.is_none() {
            let position = self.hand_over(&mut state, wire::text("2"), 1);
            state.pinged = Some(position);
            state.answered = false;
        }
    }

    /// Pings the client's WebSocket for the same purpose, if that is the transport. If such a ping is
    /// pending already, another follows once it is answered. Polls are proof by themselves.
    pub(crate) fn ask(&self) {
        let mut state = lock(&self.state);
        if state.asked.is_some() {
            state.ask_again = true;
        } else if state.ended.is_none() && state.is_upgraded() {
            let position = self.handed.load(Ordering::Acquire).saturating_add(1);
            let ping = wire::ping(&position.to_be_bytes());
            self.hand_over(&mut state, ping, 1);
            state.asked = Some(position);
        }
    }

    /// The client's WebSocket answered a ping.
    pub(crate) fn answered(&self, payload: &[u8]) {
        let (position, again) = {
            let mut state = lock(&self.state);
            let asked = state.asked;
            let Some(position) = asked.filter(|asked| payload == asked.to_be_bytes()) else {
                return;
            };
            state.asked = None;
            (position, std::mem::take(&mut state.ask_again))
        };
        self.prove(position);
        if again && self.mark() > Position(position) {
            self.ask();
        }
    }

    /// A source was polled, and what it had is being written.
    pub(super) fn handed_over(&self) {
        self.handed.fetch_add(1, Ordering::AcqRel);
    }

    /// What a WebSocket writes next; `None` once everything is written and nothing more can come.
    pub(crate) fn poll_frames(&self, cx: &Context<'_>) -> Poll<Option<Bytes>> {
        let mut state = lock(&self.state);
        let next = state.poll_frames(cx);
        let awaited = state.call_in();
        drop(state);
        if awaited {
            self.place.notify_waiters();
        }
        next
    }

    /// A poll begins, which proves that the response to the one before has arrived.
    pub(crate) fn begin_poll(&self) -> Claim {
        let (claim, polled) = {
            let mut state = lock(&self.state);
            (state.claim_poll(), state.polled)
        };
        match claim {
            Claim::Granted => self.prove(polled),
            Claim::Taken => self.close(Reason::TransportError),
            Claim::Elsewhere | Claim::Gone => (),
        }
        claim
    }

    /// The response to a poll, once there is something to say.
    pub(crate) fn poll_payload(&self, cx: &Context<'_>) -> Poll<Polled> {
        let mut state = lock(&self.state);
        let next = state.poll_payload(cx);
        let awaited = state.call_in();
        drop(state);
        if awaited {
            self.place.notify_waiters();
        }
        next
    }

    /// A poll has ended.
    pub(crate) fn end_poll(&self) {
        lock(&self.state).polling = false;
        // Wakes the task that waits for the client to learn of the end.
        self.signal.notify_one();
        self.over.notify_waiters();
    }

    /// Waits until the queue is no longer half full, and if it was, until most of it is gone; or until
    /// the session has ended.
    pub(crate) async fn has_capacity(&self) {
        let mut crowded = false;
        loop {
            let place = self.place.notified();
            if lock(&self.state).has_capacity(crowded) {
                return;
            }
            crowded = true;
            place.await;
        }
    }
}
