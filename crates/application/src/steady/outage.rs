//! When a backend is asked, and when it is left alone.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use domain::port::Clock;
use domain::{Failure, Timestamp};

use crate::recent::is_believed;

/// For how long a backend that has just failed is not asked again, so that requests do not all wait for
/// it in vain. Then one asks on behalf of all.
pub(crate) const REST: Duration = Duration::from_secs(2);

/// Keeps track of a backend that may be away, and tells once when it goes and once when it is back.
pub(crate) struct Outage {
    part: &'static str,
    clock: Arc<dyn Clock>,
    state: Mutex<State>,
}

/// How the backend was when it was last asked.
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
    /// A backend that is taken to be there.
    pub(crate) fn new(part: &'static str, clock: Arc<dyn Clock>) -> Self {
        in_force(part, false);
        Self {
            part,
            clock,
            state: Mutex::default(),
        }
    }

    /// Has the backend asked, if it is its time, and keeps in mind how it was. Nothing when it was not
    /// asked or failed: then the node answers by itself.
    pub(crate) async fn ask<T>(
        &self,
        question: impl Future<Output = Result<T, Failure>>,
    ) -> Option<T> {
        let answer = if self.may_be_asked() {
            question.await
        } else {
            return self.without();
        };
        match answer {
            Ok(answer) => {
                self.answered();
                Some(answer)
            }
            Err(failure) => {
                self.failed(&failure);
                self.without()
            }
        }
    }

    /// Whether the backend is away, or came back so recently that it may not know yet what happened
    /// meanwhile.
    pub(super) fn is_settling(&self, span: Duration) -> bool {
        let State { away, back } = *self.lock();
        let just_back = |back| is_believed(back + span, span, self.clock.now());
        away.is_some() || back.is_some_and(just_back)
    }

    /// While it is away, whoever asks first after a rest is let through, and everybody else waits for
    /// another one.
    fn may_be_asked(&self) -> bool {
        let now = self.clock.now();
        let mut state = self.lock();
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
            let mut state = self.lock();
            let away = state.away.take();
            if away.is_some() {
                state.back = Some(now);
            }
            away
        };
        if let Some(away) = away {
            let seconds = now.since(away.since).as_secs();
            tracing::info!(part = self.part, seconds, "a backend is asked again");
            in_force(self.part, false);
        }
    }

    fn failed(&self, failure: &Failure) {
        let now = self.clock.now();
        let is_news = {
            let mut state = self.lock();
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
                "a backend is away: this node goes on with what it knows"
            );
            in_force(self.part, true);
        }
    }

    fn without<T>(&self) -> Option<T> {
        metrics::counter!("tertulia_fallback_calls_total", "part" => self.part).increment(1);
        None
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // Nothing in here is left half done by a panic.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Tells whether this node goes on without the backend.
fn in_force(part: &'static str, is_away: bool) {
    metrics::gauge!("tertulia_fallback_in_force", "part" => part).set(f64::from(u8::from(is_away)));
}
