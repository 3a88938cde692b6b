//! The store as a whole: opening it, running work on it, closing it.

use std::error::Error;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::available_parallelism;
use std::time::Duration;

use diesel::connection::SimpleConnection as _;
use diesel::sqlite::SqliteConnection;
use domain::{Failure, Retry};

use crate::connection::{Mode, Safety, Seat};
use crate::crew::{Crew, Terms};
use crate::failure::{Broken, Call};
use crate::migrations;
use crate::open_error::OpenError;
use crate::place::{self, Hold};

/// The limits of a store.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Reading threads. The writing one comes on top.
    pub readers: usize,
    /// Calls that may wait to read; further ones are refused as overloaded.
    pub reads_waiting: usize,
    /// Calls that may wait to write; further ones are refused as overloaded.
    pub writes_waiting: usize,
    /// How long a call may wait; one that has waited longer is refused as overloaded. While another
    /// program holds the database, each change waits for it in vain, and those behind it would
    /// otherwise wait for all of them.
    pub patience: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            readers: available_parallelism().map_or(2, usize::from).clamp(2, 8),
            reads_waiting: 4096,
            writes_waiting: 1024,
            patience: Duration::from_secs(10),
        }
    }
}

/// Everything that Tertulia stores, in one SQLite file.
///
/// One thread writes: every change is a transaction of its own, on disk before it is acknowledged. A
/// few threads read, each call in a snapshot of its own. Clones share them.
#[derive(Clone)]
pub struct SqliteStore {
    threads: Arc<Threads>,
}

struct Threads {
    readers: Crew,
    writer: Crew,
    /// Whether a change has failed since the last one that is known to have succeeded.
    doubt: AtomicBool,
    // Last, so that work in progress finishes before another process may open the file.
    hold: Hold,
}

impl SqliteStore {
    /// Opens a database, creates it if it is missing, and brings it up to date. Blocks.
    pub fn open(path: impl AsRef<Path>, options: Options) -> Result<Self, OpenError> {
        let path = place::whole(path.as_ref())?;
        let hold = place::take(&path)?;
        let mut seat = seat(&path, Mode::Write)?;
        let applied = migrations::apply(&mut seat.connection, &path)?;
        if !applied.is_empty() {
            tracing::info!(?applied, "the database was migrated");
        }
        let seats = (0..options.readers.max(1))
            .map(|_| self::seat(&path, Mode::Read))
            .collect::<Result<Vec<_>, _>>()?;

        let no_thread = |error| OpenError::from_io(&path, error);
        let terms = |name, bound| Terms {
            name,
            bound,
            patience: options.patience,
        };
        let writing = terms("sqlite-write", options.writes_waiting);
        let writer = Crew::start(writing, vec![seat], settle_log).map_err(no_thread)?;
        let reading = terms("sqlite-read", options.reads_waiting);
        let readers = Crew::start(reading, seats, |_connection| ()).map_err(no_thread)?;
        Ok(Self {
            threads: Arc::new(Threads {
                readers,
                writer,
                doubt: AtomicBool::new(false),
                hold,
            }),
        })
    }

    /// Brings a database up to date and returns the names of the migrations applied. Blocks.
    pub fn migrate(path: impl AsRef<Path>) -> Result<Vec<String>, OpenError> {
        let path = place::whole(path.as_ref())?;
        let _hold = place::take(&path)?;
        let mut seat = seat(&path, Mode::Write)?;
        migrations::apply(&mut seat.connection, &path)
    }

    /// Returns the names of the pending migrations, and changes nothing. Another process may be using
    /// the database. Blocks.
    pub fn pending(path: impl AsRef<Path>) -> Result<Vec<String>, OpenError> {
        let path = place::whole(path.as_ref())?;
        if !path.exists() {
            let all = migrations::known(&path)?;
            return Ok(all.into_iter().map(|(_, name)| name).collect());
        }
        let mut seat = seat(&path, Mode::Read)?;
        migrations::pending(&mut seat.connection, &path)
    }

    /// Refuses further calls, finishes those that wait, and leaves everything in the one file.
    pub async fn close(&self) {
        let threads = Arc::clone(&self.threads);
        // There is no result, and the thread that panicked has logged the panic.
        drop(tokio::task::spawn_blocking(move || threads.close()).await);
    }

    /// Makes a change, in one transaction.
    pub(crate) async fn write<T: Send + 'static>(
        &self,
        port: &'static str,
        action: &'static str,
        work: impl FnOnce(&mut SqliteConnection) -> Result<T, Broken> + Send + 'static,
    ) -> Result<T, Failure> {
        self.change(Call { port, action }, Safety::Now, work).await
    }

    /// Makes a change that may safely be repeated, in one transaction that does not wait for the disk.
    pub(crate) async fn note<T: Send + 'static>(
        &self,
        port: &'static str,
        action: &'static str,
        work: impl FnOnce(&mut SqliteConnection) -> Result<T, Broken> + Send + 'static,
    ) -> Result<T, Failure> {
        self.change(Call { port, action }, Safety::Soon, work).await
    }

    async fn change<T: Send + 'static>(
        &self,
        call: Call,
        safety: Safety,
        work: impl FnOnce(&mut SqliteConnection) -> Result<T, Broken> + Send + 'static,
    ) -> Result<T, Failure> {
        let done = self.threads.writer.run(call, safety, work).await;
        if matches!(&done, Err(failure) if failure.retry == Retry::Worthwhile) {
            self.threads.doubt.store(true, Ordering::Relaxed);
        }
        done
    }

    /// Whether it is uncertain that the store accepts changes.
    pub(crate) fn is_in_doubt(&self) -> bool {
        self.threads.doubt.load(Ordering::Relaxed)
    }

    /// Clears the doubt, after a test write was committed.
    pub(crate) fn trust(&self) {
        self.threads.doubt.store(false, Ordering::Relaxed);
    }

    /// Reads, in one snapshot.
    pub(crate) async fn read<T: Send + 'static>(
        &self,
        port: &'static str,
        action: &'static str,
        work: impl FnOnce(&mut SqliteConnection) -> Result<T, Broken> + Send + 'static,
    ) -> Result<T, Failure> {
        let call = Call { port, action };
        self.threads.readers.run(call, Safety::Now, work).await
    }
}

impl Threads {
    fn close(&self) {
        self.readers.stop();
        self.writer.stop();
        if let Err(error) = self.hold.release() {
            let error: &dyn Error = &error;
            tracing::warn!(
                error,
                "could not release the lock on the database file at shutdown"
            );
        }
    }
}

fn seat(path: &Path, mode: Mode) -> Result<Seat, OpenError> {
    Seat::open(path, mode).map_err(|error| OpenError::from_connection(path, error))
}

// The readers are gone, so the whole log can move into the file.
fn settle_log(connection: &mut SqliteConnection) {
    if let Err(error) = connection.batch_execute("PRAGMA wal_checkpoint(TRUNCATE)") {
        let error: &dyn Error = &error;
        tracing::warn!(
            error,
            "checkpoint at shutdown failed; the write-ahead log file remains"
        );
    }
}
