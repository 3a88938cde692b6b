//! What the model remembers, and what it is about to do.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::reply::Reply;
use super::request::Request;

/// Shared by the test and by everybody who answers.
#[derive(Default)]
pub(crate) struct Hall {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
pub(crate) struct State {
    pub(crate) requests: Vec<Request>,
    /// For the next calls, one each.
    pub(crate) next: VecDeque<Reply>,
    /// For those after them.
    pub(crate) always: Option<Reply>,
    pub(crate) without_usage: bool,
    pub(crate) refused_formats: Vec<&'static str>,
    pub(crate) held: bool,
    pub(crate) closed: bool,
}

impl Hall {
    /// To look or to change. Whoever waits is woken afterwards.
    pub(crate) fn enter<T>(&self, act: impl FnOnce(&mut State) -> T) -> T {
        let done = act(&mut self.lock());
        self.changed.notify_all();
        done
    }

    /// Waits until it is so, and says whether it came to be.
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
