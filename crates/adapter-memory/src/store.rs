//! The store: one state behind one lock, so that every method is a transaction.

use std::sync::{Arc, Mutex, MutexGuard};

use domain::Epoch;

use crate::lock::lock;
use crate::state::State;

/// Keeps users, rooms, messages and all that hangs on them, as long as the process lives.
///
/// A clone is the same store.
#[derive(Clone)]
pub struct MemoryStore {
    state: Arc<Mutex<State>>,
}

impl MemoryStore {
    /// An empty store. Its epoch must differ from those of stores before it, because whoever
    /// remembers their revs has to forget them.
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
