//! Loops that go on after a panic.

use std::panic::AssertUnwindSafe;
use std::time::Duration;

use futures::FutureExt as _;
use tokio::time::sleep;

/// How long to wait after a panic, so that a loop that always panics does not spin.
const PAUSE: Duration = Duration::from_millis(250);

/// Runs a part of a loop that must go on; `None` after a panic and a pause. The caller makes good what
/// the part may have left half-done.
pub(crate) async fn survived<T>(part: &'static str, work: impl Future<Output = T>) -> Option<T> {
    if let Ok(outcome) = AssertUnwindSafe(work).catch_unwind().await {
        return Some(outcome);
    }
    tracing::error!(
        part,
        "the hub panicked; what this interrupted is read from the store"
    );
    metrics::counter!("tertulia_realtime_breakdowns_total").increment(1);
    sleep(PAUSE).await;
    None
}
