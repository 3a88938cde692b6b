//! When a failing backend is asked, and when it is left alone.
//!
//! Only this remembers that Redis is down: its adapter attempts every call, and bounds how long that
//! takes.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use domain::port::Clock;
use domain::{Failure, Retry, Timestamp};

use crate::lock::lock;
use crate::recent::is_believed;

/// How long a backend that has just failed is left alone, so that requests do not all wait for it in
/// vain. Then a single request probes it.
pub(crate) const REST: Duration = Duration::from_secs(2);

/// Tracks whether a backend is down, and reports once when it goes down and once when it is back.
pub(crate) struct Outage {
    part: &'static str,
    clock: Arc<dyn Clock>,
    state: Mutex<State>,
}

/// The state of the backend when it was last asked.
#[derive(Clone, Copy, Default)]
struct State {
    away: Option<Away>,
    back: Option<Timestamp>,
}

#[derive(Clone, Copy)]
struct Away {
    since: Timestamp,
    rests_until: Timestamp,
}

impl Outage {
    /// Tracks a backend that is assumed to be up.
    pub(crate) fn new(part: &'static str, clock: Arc<dyn Clock>) -> Self {
        in_force(part, false);
        Self {
            part,
            clock,
            state: Mutex::default(),
        }
    }

    /// Asks the backend, and does without its answer whatever the failure: then the node has to answer
    /// by itself.
    pub(super) async fn ask<T>(
        &self,
        question: impl Future<Output = Result<T, Failure>>,
    ) -> Option<T> {
        self.reach(question).await.unwrap_or_else(|failure| {
            if failure.retry == Retry::Useless {
                let error = failure.chain();
                tracing::warn!(part = self.part, %error, "a call to a backend is done without");
            }
            self.without()
        })
    }

    /// Asks the backend unless it is being left alone, and records whether it is down. `None` if it was
    /// not asked or is down. Any other failure is the caller's, and says nothing about other calls.
    pub(crate) async fn reach<T>(
        &self,
        question: impl Future<Output = Result<T, Failure>>,
    ) -> Result<Option<T>, Failure> {
        if !self.may_be_asked() {
            return Ok(self.without());
        }
        match question.await {
            Ok(answer) => {
                self.answered();
                Ok(Some(answer))
            }
            Err(failure) if failure.retry == Retry::Worthwhile => {
                self.failed(&failure);
                Ok(self.without())
            }
            Err(failure) => Err(failure),
        }
    }

    /// Whether the backend is down, or came back so recently that it may not yet know what happened
    /// meanwhile.
    pub(super) fn is_settling(&self, span: Duration) -> bool {
        let State { away, back } = *lock(&self.state);
        let just_back = |back| is_believed(back + span, span, self.clock.now());
        away.is_some() || back.is_some_and(just_back)
    }

    /// While the backend is down, the first request after a rest is let through, and all others wait
    /// for another rest.
    fn may_be_asked(&self) -> bool {
        let now = self.clock.now();
        let mut state = lock(&self.state);
        let Some(away) = &mut state.away else {
            return true;
        };
        if is_believed(away.rests_until, REST, now) {
            return false;
        }
        away.rests_until = now + REST;
        true
    }

    fn answered(&self) {
        let now = self.clock.now();
        let away = {
            let mut state = lock(&self.state);
            let away = state.away.take();
            if away.is_some() {
                state.back = Some(now);
            }
            away
        };
        if let Some(away) = away {
            let seconds = now.since(away.since).as_secs();
            tracing::info!(part = self.part, seconds, "a backend is back");
            in_force(self.part, false);
        }
    }

    fn failed(&self, failure: &Failure) {
        let now = self.clock.now();
        let is_news = {
            let mut state = lock(&self.state);
            let since = state.away.map_or(now, |away| away.since);
            let away = Away {
                since,
                rests_until: now + REST,
            };
            state.away.replace(away).is_none()
        };
        if is_news {
            tracing::warn!(
                part = self.part,
                error = %failure.chain(),
                "a backend is down; this node continues without it"
            );
            in_force(self.part, true);
        }
    }

    /// Counts a call that is done without.
    pub(super) fn without<T>(&self) -> Option<T> {
        metrics::counter!("tertulia_fallback_calls_total", "part" => self.part).increment(1);
        None
    }
}

/// Exports whether this node works without the backend.
fn in_force(part: &'static str, is_away: bool) {
    metrics::gauge!("tertulia_fallback_in_force", "part" => part).set(f64::from(u8::from(is_away)));
}
