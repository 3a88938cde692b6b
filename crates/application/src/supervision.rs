//! Loops that go on after a panic.

use std::panic::AssertUnwindSafe;
use std::time::Duration;

use futures::FutureExt as _;
use tokio::time::sleep;

/// How long to wait after a panic, so that a loop that always panics does not spin.
const PAUSE: Duration = Duration::from_secs(1);

/// Runs a loop, and again after each panic. Each run must make good what the one before may have left
/// half-done.
pub async fn supervised<F: Future>(task: &'static str, mut run: impl FnMut() -> F) -> F::Output {
    loop {
        if let Some(outcome) = survived(task, run()).await {
            return outcome;
        }
    }
}

/// Runs one turn of a loop that must go on; `None` after a panic and a pause.
pub async fn survived<T>(task: &'static str, turn: impl Future<Output = T>) -> Option<T> {
    if let Ok(outcome) = AssertUnwindSafe(turn).catch_unwind().await {
        return Some(outcome);
    }
    tracing::error!(task, "a background task panicked; it starts again");
    metrics::counter!("tertulia_background_breakdowns_total", "task" => task).increment(1);
    sleep(PAUSE).await;
    None
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use tokio::time::Instant;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_loop_that_panicked_runs_again_after_a_pause() {
        let begun = Instant::now();
        let runs = Cell::new(0);
        let run = || async {
            runs.set(runs.get() + 1);
            assert!(runs.get() == 3, "as the test wants it");
            "done"
        };
        assert_eq!(supervised("test", run).await, "done");
        assert_eq!(runs.get(), 3);
        assert!(begun.elapsed() >= 2 * PAUSE);
    }
}
