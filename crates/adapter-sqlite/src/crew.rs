//! Threads that own the connections and work off a queue of calls.
//!
//! SQLite blocks on the disk, so it runs on threads of its own, never on those of the async runtime. A
//! caller only awaits the reply. If it stops waiting, its work is either skipped because it has not
//! begun, or completed in its transaction.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{Builder, JoinHandle};
use std::time::{Duration, Instant};

use diesel::sqlite::SqliteConnection;
use domain::Failure;
use tokio::sync::oneshot;

use crate::connection::{Safety, Seat};
use crate::failure::{Broken, Call, NotBegun, Panicked};
use crate::queue::Queue;

/// Some threads that share a queue.
pub(crate) struct Crew {
    queue: Arc<Queue>,
    threads: Mutex<Vec<JoinHandle<()>>>,
    patience: Duration,
}

/// The limits of a crew.
#[derive(Clone, Copy)]
pub(crate) struct Terms {
    /// The name of its threads.
    pub(crate) name: &'static str,
    /// The number of calls that may wait.
    pub(crate) bound: usize,
    /// How long a call may wait.
    pub(crate) patience: Duration,
}

impl Crew {
    /// Starts a thread for each seat. Each calls `farewell` on its connection at the end.
    pub(crate) fn start(
        terms: Terms,
        seats: Vec<Seat>,
        farewell: fn(&mut SqliteConnection),
    ) -> std::io::Result<Self> {
        let Terms {
            name,
            bound,
            patience,
        } = terms;
        let queue = Arc::new(Queue::new(bound));
        let crew = Self {
            queue: Arc::clone(&queue),
            threads: Mutex::new(Vec::new()),
            patience,
        };
        for seat in seats {
            let queue = Arc::clone(&queue);
            let thread = Builder::new()
                .name(name.to_owned())
                .spawn(move || serve(seat, &queue, farewell))?;
            crew.lock().push(thread);
        }
        Ok(crew)
    }

    /// Runs work in a transaction of its own, and returns once it is committed or rolled back.
    #[tracing::instrument(
        skip_all,
        name = "store",
        fields(
            otel.name = format!("sqlite {}.{}", call.port, call.action),
            otel.kind = "client",
            db.system.name = "sqlite",
        )
    )]
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        call: Call,
        safety: Safety,
        work: impl FnOnce(&mut SqliteConnection) -> Result<T, Broken> + Send + 'static,
    ) -> Result<T, Failure> {
        let (reply, answer) = oneshot::channel();
        let (patience, queued) = (self.patience, Instant::now());
        let job = move |seat: &mut Seat| {
            if reply.is_closed() {
                return;
            }
            let done = if queued.elapsed() >= patience {
                Err(NotBegun::Late)
            } else {
                Ok(seat.within(safety, work))
            };
            // The caller may be gone; what was committed stays committed.
            drop(reply.send(done));
        };
        self.queue
            .push(Box::new(job))
            .map_err(|error| error.into_failure(call))?;
        match answer.await {
            Ok(Ok(done)) => done.map_err(|error| error.into_failure(call)),
            Ok(Err(error)) => Err(error.into_failure(call)),
            Err(_dropped) => Err(Panicked.into_failure(call)),
        }
    }

    /// Refuses new work, finishes what waits, and joins the threads.
    pub(crate) fn stop(&self) {
        self.queue.close();
        let threads = std::mem::take(&mut *self.lock());
        for thread in threads {
            if thread.join().is_err() {
                tracing::error!("a database thread had panicked before shutdown");
            }
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<JoinHandle<()>>> {
        self.threads.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Crew {
    fn drop(&mut self) {
        self.stop();
    }
}

fn serve(mut seat: Seat, queue: &Queue, farewell: fn(&mut SqliteConnection)) {
    while let Some(job) = queue.next() {
        // Unwinding drops the reply's sender, which tells the caller.
        survive("work on the database", || job(&mut seat));
        survive("mending a connection", || seat.mend());
    }
    farewell(&mut seat.connection);
}

// A dead thread would leave its callers waiting for ever.
fn survive(what: &str, work: impl FnOnce()) {
    if catch_unwind(AssertUnwindSafe(work)).is_err() {
        tracing::error!(what, "caught a panic on a database thread");
    }
}
