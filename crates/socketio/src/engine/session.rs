//! An Engine.IO session.

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

/// An Engine.IO session, which its requests, its WebSocket and its sockets share.
pub(crate) struct Session {
    pub(crate) sid: Sid,
    pub(crate) shared: Arc<Shared>,
    pub(super) state: Mutex<State>,
    /// How many pieces were handed over: queued, or taken from a source to be written.
    pub(super) handed: AtomicU64,
    /// How many of them are known to have arrived.
    proven: AtomicU64,
    /// How many packets wait for room in their socket's queue.
    pub(super) unheard: AtomicUsize,
    pub(super) parser: Parser,
    pub(crate) seats: Seats,
    /// Wakes the task that keeps the session.
    pub(super) signal: Notify,
    /// Notified when the queue has drained.
    pub(super) place: Notify,
    /// Notified when more is known to have arrived.
    proof: Notify,
    /// Notified when the session has ended, or its client may have learned of it.
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

    /// The current transport.
    pub(crate) fn transport(&self) -> Transport {
        match lock(&self.state).carrier {
            Carrier::Polling | Carrier::Probing { .. } => Transport::Polling,
            Carrier::WebSocket => Transport::WebSocket,
        }
    }

    /// Ends the session for this reason, unless it has ended already.
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

    /// Waits until the session has ended.
    pub(crate) async fn over(&self) {
        loop {
            let over = self.over.notified();
            if self.has_ended() {
                return;
            }
            over.await;
        }
    }

    /// Whether the client has yet to learn of the end, by its next poll.
    pub(super) fn has_last_word(&self) -> bool {
        lock(&self.state).has_last_word()
    }

    /// Waits for something to do.
    pub(super) async fn signalled(&self) {
        self.signal.notified().await;
    }

    /// Wakes the task that keeps the session, and whatever writes its frames.
    pub(super) fn wake(&self) {
        lock(&self.state).wake();
        self.signal.notify_one();
    }

    /// Whether the client answered the last ping since this was last called.
    pub(super) fn take_answered(&self) -> bool {
        std::mem::take(&mut lock(&self.state).answered)
    }

    /// Whether the client may have answered without having been read.
    pub(super) fn is_unheard(&self) -> bool {
        self.unheard.load(Ordering::Acquire) > 0
    }

    /// Waits until the session has ended and its client has learned of it by a poll, or never will.
    pub(crate) async fn settled(&self) {
        loop {
            let over = self.over.notified();
            if lock(&self.state).is_settled() {
                return;
            }
            over.await;
        }
    }

    /// The client had its time to learn of the end.
    pub(super) fn settle(&self) {
        lock(&self.state).heard = true;
        self.over.notify_waiters();
    }

    /// A WebSocket wants to take over later.
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

    /// Whether the WebSocket was probed and has not taken over yet. The client fetches nothing until its
    /// last post is answered, so that post must not wait for an owner that waits for the client to fetch
    /// something.
    pub(crate) fn is_probed(&self) -> bool {
        matches!(lock(&self.state).carrier, Carrier::Probing { probed: true })
    }

    /// The WebSocket takes over.
    pub(crate) fn upgrade(&self) {
        let mut state = lock(&self.state);
        state.carrier = Carrier::WebSocket;
        state.wake();
        // The client may have to learn of the end by this WebSocket rather than by a poll.
        self.signal.notify_one();
    }

    /// The WebSocket went away before it took over.
    pub(crate) fn stay(&self) {
        let mut state = lock(&self.state);
        if matches!(state.carrier, Carrier::Probing { .. }) {
            state.carrier = Carrier::Polling;
        }
    }

    /// The position of everything handed over so far.
    pub(crate) fn mark(&self) -> Position {
        Position(self.handed.load(Ordering::Acquire))
    }

    /// The position up to which everything is known to have arrived.
    pub(crate) fn proven(&self) -> Position {
        Position(self.proven.load(Ordering::Acquire))
    }

    pub(super) fn prove(&self, position: u64) {
        if self.proven.fetch_max(position, Ordering::AcqRel) < position {
            self.proof.notify_waiters();
        }
    }

    /// Waits until more than that is known to have arrived. Returns `false` if nothing more will be.
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
