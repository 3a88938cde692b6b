//! One session of Engine.IO.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use engineioxide_core::Sid;
use tokio::sync::Notify;

use super::queue::Position;
use super::shared::Shared;
use super::state::{Carrier, Claim, State, Transport};
use crate::lock::lock;
use crate::reason::Reason;
use crate::socket::Seats;
use crate::wire::Parser;

/// One session of Engine.IO, which its requests, its WebSocket and its sockets share.
pub(crate) struct Session {
    pub(crate) sid: Sid,
    pub(crate) shared: Arc<Shared>,
    pub(super) state: Mutex<State>,
    /// How many pieces have been handed over: put into the queue, or taken from a source to be written.
    pub(super) handed: AtomicU64,
    /// How many of them are known to have arrived.
    proven: AtomicU64,
    /// How many packets wait for their socket's owner to have place.
    pub(super) unheard: AtomicUsize,
    pub(super) parser: Parser,
    pub(crate) seats: Seats,
    /// Something for the task that keeps the session.
    pub(super) signal: Notify,
    /// There is place for more.
    pub(super) place: Notify,
    /// More is known to have arrived.
    proof: Notify,
    /// The session has ended, or its client was told so.
    pub(super) over: Notify,
}

impl Session {
    pub(super) fn new(shared: &Arc<Shared>, transport: Transport) -> Arc<Self> {
        Arc::new(Self {
            sid: Sid::new(),
            state: Mutex::new(State::new(shared.options.outgoing, transport)),
            handed: AtomicU64::new(0),
            proven: AtomicU64::new(0),
            unheard: AtomicUsize::new(0),
            parser: Parser::default(),
            seats: Seats::default(),
            signal: Notify::new(),
            place: Notify::new(),
            proof: Notify::new(),
            over: Notify::new(),
            shared: Arc::clone(shared),
        })
    }

    /// What carries it now.
    pub(crate) fn transport(&self) -> Transport {
        match lock(&self.state).carrier {
            Carrier::Polling | Carrier::Probing { .. } => Transport::Polling,
            Carrier::WebSocket => Transport::WebSocket,
        }
    }

    /// Ends the session for this reason, unless it has ended for another.
    pub(crate) fn close(&self, reason: Reason) {
        {
            let mut state = lock(&self.state);
            if state.ended.is_some() {
                return;
            }
            state.ended = Some(reason);
            state.wake();
        }
        tracing::debug!(sid = %self.sid, %reason, "a session has ended");
        self.seats.close(reason);
        self.signal.notify_one();
        self.place.notify_waiters();
        self.proof.notify_waiters();
        self.over.notify_waiters();
    }

    pub(crate) fn has_ended(&self) -> bool {
        lock(&self.state).ended.is_some()
    }

    /// Waits until it has ended.
    pub(crate) async fn over(&self) {
        loop {
            let over = self.over.notified();
            if self.has_ended() {
                return;
            }
            over.await;
        }
    }

    /// Whether its client has yet to be told that it has ended, by the next poll.
    pub(super) fn has_last_word(&self) -> bool {
        lock(&self.state).has_last_word()
    }

    /// Waits for something to do.
    pub(super) async fn signalled(&self) {
        self.signal.notified().await;
    }

    /// There is something to do for the task that keeps it, or to write for its WebSocket.
    pub(super) fn wake(&self) {
        lock(&self.state).wake();
        self.signal.notify_one();
    }

    /// Whether the client answered the last ping. Told once.
    pub(super) fn take_answered(&self) -> bool {
        std::mem::take(&mut lock(&self.state).answered)
    }

    /// Whether its client may have answered without being heard.
    pub(super) fn is_unheard(&self) -> bool {
        self.unheard.load(Ordering::Acquire) > 0
    }

    /// Waits until it has ended and its client was told so by a poll, or will not be.
    pub(crate) async fn settled(&self) {
        loop {
            let over = self.over.notified();
            if lock(&self.state).is_settled() {
                return;
            }
            over.await;
        }
    }

    /// Its client had its time.
    pub(super) fn settle(&self) {
        lock(&self.state).heard = true;
        self.over.notify_waiters();
    }

    /// A WebSocket asks to take over one day.
    pub(crate) fn claim_upgrade(&self) -> Claim {
        lock(&self.state).claim_upgrade()
    }

    /// The WebSocket was probed: from now on polls are answered at once.
    pub(crate) fn probed(&self) {
        {
            let mut state = lock(&self.state);
            if let Carrier::Probing { probed } = &mut state.carrier {
                *probed = true;
            }
            state.wake();
        }
        self.seats.nudge();
    }

    /// Whether its WebSocket was probed and has not taken over yet. Its client fetches nothing until its
    /// last post is answered, so that must not wait for an owner who waits for what waits to be fetched.
    pub(crate) fn is_probed(&self) -> bool {
        matches!(lock(&self.state).carrier, Carrier::Probing { probed: true })
    }

    /// The WebSocket takes over.
    pub(crate) fn upgrade(&self) {
        let mut state = lock(&self.state);
        state.carrier = Carrier::WebSocket;
        state.wake();
        // The last word may go out here, if it was about to go out by a poll.
        self.signal.notify_one();
    }

    /// The WebSocket went away before it took over.
    pub(crate) fn stay(&self) {
        let mut state = lock(&self.state);
        if matches!(state.carrier, Carrier::Probing { .. }) {
            state.carrier = Carrier::Polling;
        }
    }

    /// Everything handed over so far.
    pub(crate) fn mark(&self) -> Position {
        Position(self.handed.load(Ordering::Acquire))
    }

    /// Everything that is known to have arrived.
    pub(crate) fn proven(&self) -> Position {
        Position(self.proven.load(Ordering::Acquire))
    }

    pub(super) fn prove(&self, position: u64) {
        if self.proven.fetch_max(position, Ordering::AcqRel) < position {
            self.proof.notify_waiters();
        }
    }

    /// Waits until more is known to have arrived than that. Answers `false` if nothing will be.
    pub(crate) async fn proven_beyond(&self, position: Position) -> bool {
        loop {
            let proof = self.proof.notified();
            if self.proven() > position {
                return true;
            }
            if self.has_ended() {
                return false;
            }
            proof.await;
        }
    }
}
