//! Waiting for a condition.

use std::time::{Duration, Instant};

use tokio::time::{sleep, timeout};

/// How long anything may take for which no time is promised. A machine that runs many tests at once may be
/// slow, and only failing tests wait this long.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// How long something may take that is promised within a second, allowing for a busy machine: as long as
/// anything else, so that only what does not happen by itself fails.
pub const SOON: Duration = PATIENCE;

/// Waits until the condition holds.
pub async fn until(what: &str, so: impl AsyncFnMut() -> bool) {
    let took = within(PATIENCE, so).await;
    assert!(took.is_some(), "it did not come to this: {what}");
}

/// Waits until the condition holds, and returns how long that took. `None` if it exceeded the limit.
pub async fn within(limit: Duration, mut so: impl AsyncFnMut() -> bool) -> Option<Duration> {
    let begun = Instant::now();
    let waiting = async {
        while !so().await {
            sleep(Duration::from_millis(20)).await;
        }
    };
    timeout(limit, waiting).await.ok()?;
    Some(begun.elapsed())
}
