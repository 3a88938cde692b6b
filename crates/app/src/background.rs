//! What goes on beside the requests.

use std::sync::Arc;
use std::time::Duration;

use application::UseCases;
use application::account::CachedSessions;
use domain::port::bus::Heard;
use domain::port::{Bus, Clock, Upkeep};
use futures::StreamExt as _;
use tokio_util::sync::{CancellationToken, WaitForCancellationFutureOwned};
use tokio_util::task::TaskTracker;

/// How often what nobody can reach any more is cleared away.
const TIDY_EVERY: Duration = Duration::from_mins(1);
/// How many rows go at once: as many as a store removes without anybody noticing.
const TIDY_ROWS: usize = 500;
/// When to try again after a failure.
const AFTER_FAILURE: Duration = Duration::from_secs(1);

/// The tasks that run until the end.
pub(crate) struct Background {
    tasks: TaskTracker,
    stop: CancellationToken,
}

impl Background {
    /// Begins, without tasks of its own yet.
    pub(crate) fn start(tasks: TaskTracker) -> Self {
        Self {
            tasks,
            stop: CancellationToken::new(),
        }
    }

    /// Ends all tasks and waits for them.
    pub(crate) async fn stop(&self) {
        self.stop.cancel();
        self.tasks.close();
        self.tasks.wait().await;
    }

    /// Keeps what is remembered here in step with what is told on the bus.
    pub(crate) fn listen(
        &self,
        bus: &Arc<dyn Bus>,
        sessions: Arc<CachedSessions>,
        use_cases: Arc<UseCases>,
    ) {
        let bus = Arc::clone(bus);
        self.run(async move {
            loop {
                follow(&*bus, &sessions, &use_cases).await;
                // What is told until we listen again is lost to us, as what was told before was.
                hear(&sessions, &use_cases, &Heard::Gap);
                tokio::time::sleep(AFTER_FAILURE).await;
            }
        });
    }

    /// Clears away, a little at a time, what nobody can reach any more.
    pub(crate) fn tidy(
        &self,
        stores: impl IntoIterator<Item = Arc<dyn Upkeep>>,
        clock: &Arc<dyn Clock>,
    ) {
        for store in stores {
            let clock = Arc::clone(clock);
            self.run(async move { keep_tidy(&*store, &*clock).await });
        }
    }

    /// Has something go on until the end.
    pub(crate) fn run(&self, task: impl Future<Output: Send> + Send + 'static) {
        let stop = self.stop.clone();
        self.tasks.spawn(async move {
            stop.run_until_cancelled(task).await;
        });
    }

    /// The same, for what has something to put in order at the end, which it is told of.
    pub(crate) fn run_to_its_end<T>(&self, task: impl FnOnce(WaitForCancellationFutureOwned) -> T)
    where
        T: Future<Output = ()> + Send + 'static,
    {
        self.tasks.spawn(task(self.stop.clone().cancelled_owned()));
    }
}

/// Passes on what is told, until the bus is gone.
async fn follow(bus: &dyn Bus, sessions: &CachedSessions, use_cases: &UseCases) {
    match bus.listen().await {
        Ok(mut notices) => {
            hear(sessions, use_cases, &Heard::Gap);
            while let Some(heard) = notices.next().await {
                hear(sessions, use_cases, &heard);
            }
        }
        Err(failure) => tracing::warn!(error = %failure.chain(), "the bus cannot be heard"),
    }
}

/// Clears for ever, with rests.
async fn keep_tidy(store: &dyn Upkeep, clock: &dyn Clock) -> ! {
    loop {
        tokio::time::sleep(clear(store, clock).await).await;
    }
}

/// Clears one handful away, and says how long to rest.
async fn clear(store: &dyn Upkeep, clock: &dyn Clock) -> Duration {
    match store.clear(clock.now(), TIDY_ROWS).await {
        Ok(0) => TIDY_EVERY,
        Ok(rows) => {
            tracing::debug!(rows, "cleared away");
            Duration::ZERO
        }
        Err(failure) => {
            tracing::warn!(error = %failure.chain(), "could not clear away");
            TIDY_EVERY
        }
    }
}

fn hear(sessions: &CachedSessions, use_cases: &UseCases, heard: &Heard) {
    sessions.hear(heard);
    use_cases.hear(heard);
}
