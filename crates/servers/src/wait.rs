//! Waiting for a condition.

use std::thread::sleep;
use std::time::{Duration, Instant};

/// The timeout of everything here. Long, because a busy machine is not a broken one.
pub(crate) const PATIENCE: Duration = Duration::from_mins(1);

/// Polls until the condition holds; returns whether it did within the timeout.
pub(crate) fn until(mut so: impl FnMut() -> bool) -> bool {
    let from = Instant::now();
    loop {
        if so() {
            return true;
        }
        if from.elapsed() > PATIENCE {
            return false;
        }
        sleep(Duration::from_millis(10));
    }
}
