//! A circuit breaker for a failing model.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use domain::Timestamp;
use domain::port::Clock;

use crate::lock::lock;

/// How many consecutive failures open the breaker.
const ENOUGH: u32 = 5;

/// How long the model is left alone then, before a single request probes it.
const REST: Duration = Duration::from_secs(30);

/// Keeps requests from a model that has failed several times in a row, since they would only wait.
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

    /// Whether the model may be asked. After a rest one request is let through; the others wait for
    /// another rest.
    pub(super) fn lets_through(&self) -> bool {
        let now = self.clock.now();
        let mut state = lock(&self.state);
        match state.rests_until {
            None => true,
            // A clock that was set back does not prolong a rest.
            Some(until) if now < until && until <= now + REST => false,
            Some(_) => {
                state.rests_until = Some(now + REST);
                true
            }
        }
    }

    /// Records an answer of the model.
    pub(super) fn answered(&self) {
        let was_open = {
            let mut state = lock(&self.state);
            let was_open = state.rests_until.is_some();
            *state = State::default();
            was_open
        };
        if was_open {
            tracing::info!("the summary model answers again");
            tell(false);
        }
    }

    /// Records a failure of the model.
    pub(super) fn failed(&self) {
        let now = self.clock.now();
        let opens = {
            let mut state = lock(&self.state);
            state.failures = state.failures.saturating_add(1);
            let opens = state.failures >= ENOUGH && state.rests_until.is_none();
            if state.failures >= ENOUGH {
                state.rests_until = Some(now + REST);
            }
            opens
        };
        if opens {
            let seconds = REST.as_secs();
            tracing::warn!(
                seconds,
                "the summary model keeps failing and is not called for a while"
            );
            tell(true);
        }
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
