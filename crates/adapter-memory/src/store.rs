//! The store: one state behind one lock, so that every method is a transaction.

use std::sync::{Arc, Mutex, MutexGuard};

use domain::Epoch;

use crate::lock::lock;
use crate::state::State;

/// Keeps users, rooms, messages and everything that belongs to them, for the life of the process.
///
/// A clone is the same store.
#[derive(Clone)]
pub struct MemoryStore {
    state: Arc<Mutex<State>>,
}

impl MemoryStore {
    /// An empty store. Its epoch must differ from those of earlier stores, because clients that
    /// remember their revs have to discard them.
    pub fn new(epoch: Epoch) -> Self {
        Self {
            state: Arc::new(Mutex::new(State::new(epoch))),
        }
    }

    /// The state, for one transaction.
    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }
}
