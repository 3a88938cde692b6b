//! Background tasks.

use std::sync::Arc;
use std::time::Duration;

use application::account::CachedSessions;
use application::{UseCases, supervised};
use domain::port::bus::Heard;
use domain::port::{Bus, Clock, Upkeep};
use futures::StreamExt as _;
use tokio_util::sync::{CancellationToken, WaitForCancellationFutureOwned};
use tokio_util::task::TaskTracker;

/// How long upkeep pauses after it has found nothing more to delete.
const TIDY_EVERY: Duration = Duration::from_mins(1);
/// How many rows upkeep deletes at a time: few enough not to disturb other work.
const TIDY_ROWS: usize = 500;
/// How long to wait after the bus has failed before listening again.
const AFTER_FAILURE: Duration = Duration::from_secs(1);

/// The tasks that run until shutdown.
pub(crate) struct Background {
    tasks: TaskTracker,
    stop: CancellationToken,
}

impl Background {
    /// Starts with no tasks of its own.
    pub(crate) fn start(tasks: TaskTracker) -> Self {
        Self {
            tasks,
            stop: CancellationToken::new(),
        }
    }

    /// Cancels all tasks and waits for them.
    pub(crate) async fn stop(&self) {
        self.stop.cancel();
        self.tasks.close();
        self.tasks.wait().await;
    }

    /// Keeps this node's caches in step with the bus.
    pub(crate) fn listen(
        &self,
        bus: &Arc<dyn Bus>,
        sessions: Arc<CachedSessions>,
        use_cases: Arc<UseCases>,
    ) {
        let bus = Arc::clone(bus);
        self.run("caches", move || {
            let (sessions, use_cases) = (Arc::clone(&sessions), Arc::clone(&use_cases));
            keep_listening(Arc::clone(&bus), sessions, use_cases)
        });
    }

    /// Deletes unreachable data from the stores, a little at a time.
    pub(crate) fn tidy(
        &self,
        stores: impl IntoIterator<Item = Arc<dyn Upkeep>>,
        clock: &Arc<dyn Clock>,
    ) {
        for store in stores {
            let clock = Arc::clone(clock);
            self.run("upkeep", move || {
                keep_tidy(Arc::clone(&store), Arc::clone(&clock))
            });
        }
    }

    /// Runs a task until shutdown, and again after a panic.
    pub(crate) fn run<F>(&self, name: &'static str, task: impl FnMut() -> F + Send + 'static)
    where
        F: Future<Output: Send> + Send + 'static,
    {
        let stop = self.stop.clone();
        self.tasks.spawn(async move {
            stop.run_until_cancelled(supervised(name, task)).await;
        });
    }

    /// Runs a task that is notified of the shutdown, cleans up and survives panics by itself.
    pub(crate) fn run_to_its_end<T>(&self, task: impl FnOnce(WaitForCancellationFutureOwned) -> T)
    where
        T: Future<Output = ()> + Send + 'static,
    {
        self.tasks.spawn(task(self.stop.clone().cancelled_owned()));
    }
}

/// Passes on notices forever.
async fn keep_listening(
    bus: Arc<dyn Bus>,
    sessions: Arc<CachedSessions>,
    use_cases: Arc<UseCases>,
) -> ! {
    loop {
        follow(&*bus, &sessions, &use_cases).await;
        // Notices are lost until we listen again, as some may have been before.
        hear(&sessions, &use_cases, &Heard::Gap);
        tokio::time::sleep(AFTER_FAILURE).await;
    }
}

/// Passes on notices until the bus fails.
async fn follow(bus: &dyn Bus, sessions: &CachedSessions, use_cases: &UseCases) {
    match bus.listen().await {
        Ok(mut notices) => {
            hear(sessions, use_cases, &Heard::Gap);
            while let Some(heard) = notices.next().await {
                hear(sessions, use_cases, &heard);
            }
        }
        Err(failure) => {
            tracing::warn!(error = %failure.chain(), "could not listen to the bus; retrying");
        }
    }
}

/// Runs upkeep forever, with pauses.
async fn keep_tidy(store: Arc<dyn Upkeep>, clock: Arc<dyn Clock>) -> ! {
    loop {
        tokio::time::sleep(clear(&*store, &*clock).await).await;
    }
}

/// Deletes one batch, and returns how long to pause.
async fn clear(store: &dyn Upkeep, clock: &dyn Clock) -> Duration {
    match store.clear(clock.now(), TIDY_ROWS).await {
        Ok(0) => TIDY_EVERY,
        Ok(rows) => {
            tracing::debug!(rows, "upkeep deleted rows");
            Duration::ZERO
        }
        Err(failure) => {
            tracing::warn!(error = %failure.chain(), "upkeep failed; trying again in a minute");
            TIDY_EVERY
        }
    }
}

fn hear(sessions: &CachedSessions, use_cases: &UseCases, heard: &Heard) {
    sessions.hear(heard);
    use_cases.hear(heard);
}
