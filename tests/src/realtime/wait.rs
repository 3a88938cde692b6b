//! Waiting for something to become so.

use std::time::{Duration, Instant};

use tokio::time::{sleep, timeout};

/// How long anything may take that nobody has promised a time for. A machine that runs many tests at
/// once may be slow; a test that fails may wait.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// What is promised within a second, and the time that a busy machine may take to say it.
pub const SOON: Duration = Duration::from_secs(5);

/// Waits until it is so.
pub async fn until(what: &str, so: impl AsyncFnMut() -> bool) {
    let took = within(PATIENCE, so).await;
    assert!(took.is_some(), "it did not come to this: {what}");
}

/// Waits until it is so, and tells how long that took. `None` if it took longer than this.
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
