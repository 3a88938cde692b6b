//! Leaving a model alone that fails.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use domain::Timestamp;
use domain::port::Clock;

/// How many failures in a row are enough.
const ENOUGH: u32 = 5;

/// For how long the model is left alone then, before one asks on behalf of all.
const REST: Duration = Duration::from_secs(30);

/// Keeps questions from a model that has failed several times in a row: whoever asks would only wait.
pub(super) struct Breaker {
    clock: Arc<dyn Clock>,
    state: Mutex<State>,
}

#[derive(Clone, Copy, Default)]
struct State {
    failures: u32,
    rests_until: Option<Timestamp>,
}

impl Breaker {
    pub(super) fn new(clock: Arc<dyn Clock>) -> Self {
        tell(false);
        Self {
            clock,
            state: Mutex::default(),
        }
    }

    /// Whether the model may be asked. After a rest one may, and everybody else waits for another one.
    pub(super) fn lets_through(&self) -> bool {
        let now = self.clock.now();
        let mut state = self.lock();
        match state.rests_until {
            None => true,
            // A clock that was set back makes no rest longer.
            Some(until) if now < until && until <= now + REST => false,
            Some(_) => {
                state.rests_until = Some(now + REST);
                true
            }
        }
    }

    /// It answered.
    pub(super) fn answered(&self) {
        let was_open = {
            let mut state = self.lock();
            let was_open = state.rests_until.is_some();
            *state = State::default();
            was_open
        };
        if was_open {
            tracing::info!("the model answers again");
            tell(false);
        }
    }

    /// It failed once more.
    pub(super) fn failed(&self) {
        let now = self.clock.now();
        let opens = {
            let mut state = self.lock();
            state.failures = state.failures.saturating_add(1);
            let opens = state.failures >= ENOUGH && state.rests_until.is_none();
            if state.failures >= ENOUGH {
                state.rests_until = Some(now + REST);
            }
            opens
        };
        if opens {
            let seconds = REST.as_secs();
            tracing::warn!(seconds, "the model fails and is left alone for a while");
            tell(true);
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // Nothing in here is left half done by a panic.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn tell(is_open: bool) {
    metrics::gauge!("tertulia_summary_breaker_open").set(f64::from(u8::from(is_open)));
}

#[cfg(test)]
mod tests {
    use adapter_memory::ManualClock;

    use super::*;

    fn breaker() -> (Breaker, Arc<ManualClock>) {
        let clock = Arc::new(ManualClock::at(Timestamp::from_millis(1_000_000)));
        (Breaker::new(Arc::<ManualClock>::clone(&clock)), clock)
    }

    fn fail(breaker: &Breaker, times: u32) {
        for _ in 0..times {
            breaker.failed();
        }
    }

    #[test]
    fn failures_in_a_row_open_it() {
        let (breaker, _) = breaker();
        fail(&breaker, ENOUGH - 1);
        assert!(breaker.lets_through());
        breaker.answered();
        fail(&breaker, ENOUGH - 1);
        assert!(breaker.lets_through());
        fail(&breaker, 1);
        assert!(!breaker.lets_through());
    }

    #[test]
    fn after_a_rest_one_asks_for_all() {
        let (breaker, clock) = breaker();
        fail(&breaker, ENOUGH);
        clock.advance(REST);
        assert!(breaker.lets_through());
        assert!(!breaker.lets_through());
        breaker.failed();
        clock.advance(REST.saturating_sub(Duration::from_millis(1)));
        assert!(!breaker.lets_through());
        clock.advance(Duration::from_millis(1));
        assert!(breaker.lets_through());
        breaker.answered();
        assert!(breaker.lets_through() && breaker.lets_through());
    }

    #[test]
    fn a_clock_that_is_set_back_closes_nothing_off() {
        let (breaker, clock) = breaker();
        fail(&breaker, ENOUGH);
        clock.set(Timestamp::from_millis(0));
        assert!(breaker.lets_through());
        assert!(!breaker.lets_through());
    }
}
