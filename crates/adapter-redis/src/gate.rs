//! A circuit breaker: while Redis is known to be away, one call in a while probes it and the others
//! fail at once.

use std::sync::Mutex;
use std::time::Duration;

use tokio::time::Instant;

use crate::lock::lock;

/// How long after a failure nobody tries again.
const PAUSE: Duration = Duration::from_millis(200);

/// How long the others are refused while one tries.
const TRIAL: Duration = Duration::from_secs(1);

/// Open while Redis answers. Logs once when Redis is lost, and once when it is back.
pub(crate) struct Gate {
    lost: Mutex<Option<Lost>>,
}

struct Lost {
    since: Instant,
    try_at: Instant,
}

impl Gate {
    pub(crate) const fn open() -> Self {
        Self {
            lost: Mutex::new(None),
        }
    }

    /// Whether a call may be made now.
    pub(crate) fn lets_in(&self) -> bool {
        let now = Instant::now();
        match lock(&self.lost).as_mut() {
            None => true,
            Some(lost) if lost.try_at > now => false,
            Some(lost) => {
                lost.try_at = now + TRIAL;
                true
            }
        }
    }

    /// Records that a call was answered.
    pub(crate) fn answered(&self) {
        let back = lock(&self.lost).take();
        if let Some(lost) = back {
            let seconds = lost.since.elapsed().as_secs_f32();
            tracing::info!(seconds, "Redis is reachable again");
        }
    }

    /// Records that a call failed because Redis is away.
    pub(crate) fn failed(&self, error: &(dyn std::error::Error + 'static)) {
        let now = Instant::now();
        let try_at = now + PAUSE;
        let mut lost = lock(&self.lost);
        let news = lost.is_none();
        lost.get_or_insert(Lost { since: now, try_at }).try_at = try_at;
        drop(lost);
        if news {
            tracing::warn!(
                error,
                "Redis is unreachable; failing calls fast until it answers"
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::advance;

    use super::*;

    fn error() -> std::io::Error {
        std::io::ErrorKind::ConnectionRefused.into()
    }

    #[tokio::test(start_paused = true)]
    async fn one_call_in_a_while_tries() {
        let gate = Gate::open();
        assert!(gate.lets_in() && gate.lets_in());
        gate.failed(&error());
        assert!(!gate.lets_in());
        advance(PAUSE).await;
        assert!(gate.lets_in());
        assert!(!gate.lets_in(), "somebody tries already");
        gate.failed(&error());
        assert!(!gate.lets_in());
    }

    #[tokio::test(start_paused = true)]
    async fn it_opens_when_a_call_is_answered() {
        let gate = Gate::open();
        gate.failed(&error());
        advance(PAUSE).await;
        assert!(gate.lets_in());
        gate.answered();
        assert!(gate.lets_in() && gate.lets_in());
    }

    #[tokio::test(start_paused = true)]
    async fn a_trial_that_nobody_ended_does_not_shut_it_for_ever() {
        let gate = Gate::open();
        gate.failed(&error());
        advance(PAUSE).await;
        assert!(gate.lets_in());
        advance(TRIAL).await;
        assert!(gate.lets_in());
    }
}
