//! Threads that own the connections and do the work that waits for them.
//!
//! SQLite blocks: it waits for the disk. So it runs on threads of its own, never on those of the async
//! runtime. A caller waits for an answer and nothing else; one that stops waiting has either
//! not been begun, and is left out, or is finished in its transaction.

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

/// Some threads with one queue before them.
pub(crate) struct Crew {
    queue: Arc<Queue>,
    threads: Mutex<Vec<JoinHandle<()>>>,
    patience: Duration,
}

/// What a crew takes on.
#[derive(Clone, Copy)]
pub(crate) struct Terms {
    /// What its threads are called.
    pub(crate) name: &'static str,
    /// Calls that may wait.
    pub(crate) bound: usize,
    /// How long a call may wait.
    pub(crate) patience: Duration,
}

impl Crew {
    /// Starts a thread for each seat. `farewell` is what each does with its connection at the end.
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

    /// Has work done in a transaction of its own, and answers once it is committed or rolled back.
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
            // Nobody may be waiting any more; what was committed stays so.
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

    /// Takes nothing more in, finishes what waits, and ends the threads.
    pub(crate) fn stop(&self) {
        self.queue.close();
        let threads = std::mem::take(&mut *self.lock());
        for thread in threads {
            if thread.join().is_err() {
                tracing::error!("a thread of the database had died");
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
        // Unwinding drops the answer's sender, which is how the caller learns of it.
        survive("work on the database", || job(&mut seat));
        survive("mending a connection", || seat.mend());
    }
    farewell(&mut seat.connection);
}

// A thread that died would leave its callers waiting for ever.
fn survive(what: &str, work: impl FnOnce()) {
    if catch_unwind(AssertUnwindSafe(work)).is_err() {
        tracing::error!(what, "a panic was caught");
    }
}
