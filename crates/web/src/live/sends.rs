//! Messages on their way to the store.

use std::cell::Cell;
use std::rc::Rc;
use std::thread;

use tokio::sync::Notify;

use super::peer::Peer;

/// How many messages of one connection may be in flight at once.
const MOST: usize = 256;

/// The messages of one connection that are in flight to the store. They are handed in one after another,
/// which keeps their order, and then wait together: one commit takes them all.
#[derive(Default)]
pub(crate) struct Sends {
    on_their_way: Cell<usize>,
    /// The latest one has not been handed in yet.
    held: Cell<bool>,
    moved: Notify,
}

/// A message that is in flight until this is dropped.
pub(crate) struct InFlight {
    peer: Rc<Peer>,
    handed_in: Cell<bool>,
}

impl Sends {
    /// Whether another one may be sent now.
    pub(crate) fn have_capacity(&self) -> bool {
        !self.held.get() && self.on_their_way.get() < MOST
    }

    /// Whether none is in flight.
    pub(crate) fn are_done(&self) -> bool {
        self.on_their_way.get() == 0
    }

    /// Waits until one has been handed in or has completed.
    pub(crate) async fn moved(&self) {
        self.moved.notified().await;
    }

    /// Waits until none is in flight.
    pub(crate) async fn done(&self) {
        while !self.are_done() {
            self.moved().await;
        }
    }
}

impl InFlight {
    /// Registers a message as in flight, and not yet handed in.
    pub(crate) fn begin(peer: &Rc<Peer>) -> Self {
        let sends = &peer.sends;
        sends.on_their_way.set(sends.on_their_way.get() + 1);
        sends.held.set(true);
        Self {
            peer: Rc::clone(peer),
            handed_in: Cell::new(false),
        }
    }

    /// It was handed in, so the next one may follow.
    pub(crate) fn hand_in(&self) {
        if !self.handed_in.replace(true) {
            self.peer.sends.held.set(false);
            self.peer.sends.moved.notify_one();
        }
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        if thread::panicking() {
            tracing::error!("a task that posts a message panicked");
            metrics::counter!("tertulia_socket_breakdowns_total").increment(1);
        }
        self.hand_in();
        let sends = &self.peer.sends;
        sends
            .on_their_way
            .set(sends.on_their_way.get().saturating_sub(1));
        sends.moved.notify_one();
    }
}
