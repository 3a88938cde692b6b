//! A fixed rate (an open workload): the load does not slow down for a slow server.

use std::time::{Duration, Instant};

use crate::figures::float;

/// Computes when the next operation is due.
pub(crate) struct Pace {
    start: Instant,
    per_second: f64,
    done: u64,
}

impl Pace {
    pub(crate) fn new(per_second: f64) -> Self {
        Self {
            start: Instant::now(),
            per_second,
            done: 0,
        }
    }

    /// How many have been due so far.
    pub(crate) fn done(&self) -> u64 {
        self.done
    }

    /// Whether another one is due. If so, it is counted as done.
    pub(crate) fn due(&mut self, now: Instant) -> bool {
        let due = now >= self.next();
        self.done += u64::from(due);
        due
    }

    /// How long until the next one is due.
    pub(crate) fn wait(&self, now: Instant) -> Duration {
        self.next().saturating_duration_since(now)
    }

    fn next(&self) -> Instant {
        self.start + Duration::from_secs_f64(float(self.done) / self.per_second)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_was_late_catches_up() {
        let mut pace = Pace::new(100.0);
        let later = pace.start + Duration::from_millis(45);
        while pace.due(later) {}
        assert_eq!(pace.done(), 5);
        assert_eq!(pace.wait(later), Duration::from_millis(5));
    }
}
