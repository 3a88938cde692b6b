//! The model's state: the calls so far, and the replies to come.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::reply::Reply;
use super::request::Request;

/// Shared by the test and the threads that answer calls.
#[derive(Default)]
pub(crate) struct Hall {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
pub(crate) struct State {
    pub(crate) requests: Vec<Request>,
    /// The replies to the next calls, one each.
    pub(crate) next: VecDeque<Reply>,
    /// The reply to all calls after those.
    pub(crate) always: Option<Reply>,
    pub(crate) without_usage: bool,
    pub(crate) refused_formats: Vec<&'static str>,
    pub(crate) held: bool,
    pub(crate) closed: bool,
}

impl Hall {
    /// Reads or changes the state, and then wakes all waiters.
    pub(crate) fn enter<T>(&self, act: impl FnOnce(&mut State) -> T) -> T {
        let done = act(&mut self.lock());
        self.changed.notify_all();
        done
    }

    /// Waits until the condition holds; returns whether it did within the timeout.
    pub(crate) fn wait(&self, patience: Duration, so: impl Fn(&State) -> bool) -> bool {
        let until = Instant::now() + patience;
        let mut state = self.lock();
        loop {
            if so(&state) {
                return true;
            }
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return false;
            }
            let waited = self.changed.wait_timeout(state, left);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
