//! Waiting for a condition.

use std::thread::sleep;
use std::time::{Duration, Instant};

/// How long anything here may take. Long, because a machine that is busy is not one that is broken.
pub(crate) const PATIENCE: Duration = Duration::from_mins(1);

/// Looks again and again until it is so, and says whether it came to be.
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
