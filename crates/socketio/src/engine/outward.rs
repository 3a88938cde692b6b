//! What a session has to tell its client.

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

/// What becomes of a frame when much waits already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Urgency {
    /// It is refused when the queue is half full.
    Volatile,
    /// It is refused when the queue is full.
    Usual,
    /// Nobody would say it again. The session ends when even twice the bounds are full.
    Must,
}

impl Session {
    /// Hands a packet over, to be sent after all that waits.
    pub(crate) fn send(&self, packet: &Encoded, urgency: Urgency) -> Result<(), SendError> {
        self.push(packet.bytes().clone(), packet.frames(), urgency)
    }

    /// Hands over what a client has to be told.
    pub(crate) fn tell(&self, packet: &Encoded) {
        // There is nobody to tell when the session has ended, of which everyone concerned knows.
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
            tracing::debug!(sid = %self.sid, "a client does not read what it is told");
            self.close(Reason::TransportError);
        }
        Err(SendError::Full)
    }

    /// Puts a piece into the queue, and answers its position.
    fn hand_over(&self, state: &mut State, bytes: Bytes, frames: usize) -> u64 {
        state.queue.push(bytes, frames);
        let position = self.handed.fetch_add(1, Ordering::AcqRel).saturating_add(1);
        state.wake();
        position
    }

    /// Asks whether the client is there. Its answer, which may come at once, proves what was handed over
    /// before.
    pub(super) fn ping(&self) {
        let mut state = lock(&self.state);
        if state.ended.is_none() {
            let position = self.hand_over(&mut state, wire::text("2"), 1);
            state.pinged = Some(position);
            state.answered = false;
        }
    }

    /// Asks the client's WebSocket for the same, if that is what carries the session. If it is asked
    /// already, it is asked again once it has answered. Polls prove by themselves.
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

    /// The client's WebSocket answered.
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

    /// A source was asked, and what it had goes out.
    pub(super) fn handed_over(&self) {
        self.handed.fetch_add(1, Ordering::AcqRel);
    }

    /// What a WebSocket writes next; nothing once all is written and nothing comes any more.
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

    /// A poll begins, which proves that what the one before was answered with has arrived.
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

    /// What a poll is answered with, once there is something.
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

    /// A poll is over.
    pub(crate) fn end_poll(&self) {
        lock(&self.state).polling = false;
        // Whoever waits for the last word to be taken looks again.
        self.signal.notify_one();
        self.over.notify_waiters();
    }

    /// Waits until the queue is not half full any more, and then until most of it is gone; or until the
    /// session has ended.
    pub(crate) async fn has_place(&self) {
        let mut crowded = false;
        loop {
            let place = self.place.notified();
            if lock(&self.state).has_place(crowded) {
                return;
            }
            crowded = true;
            place.await;
        }
    }
}
