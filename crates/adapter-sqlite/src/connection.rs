//! Connections to the file, and how each is set up.

use std::error::Error;
use std::path::{Path, PathBuf};

use diesel::connection::{Connection as _, SimpleConnection as _, TransactionManager as _};
use diesel::result::{ConnectionError, Error as DieselError};
use diesel::sqlite::SqliteConnection;

use crate::failure::Broken;
use crate::statements::Statements;

// WAL lets readers proceed while the writer writes; FULL has every commit on disk before it is
// acknowledged, which is what an acknowledgement promises. The busy timeout is for other programs, such
// as a backup: inside this process nothing contends for a lock. Memory-mapped reading stays off,
// because a failing disk would then kill the process with a signal instead of causing a retryable
// failure.
const EVERY: &str = "
    PRAGMA busy_timeout = 5000;
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    PRAGMA foreign_keys = ON;
    PRAGMA temp_store = MEMORY;
    PRAGMA mmap_size = 0;
";

// The log is truncated to 64 MiB after a burst. The page cache is 64 MiB.
const WRITING: &str = "
    PRAGMA cache_size = -65536;
    PRAGMA journal_size_limit = 67108864;
";

// A page cache of 16 MiB for each reader, which cannot write whatever it is asked to do.
const READING: &str = "
    PRAGMA cache_size = -16384;
    PRAGMA query_only = ON;
";

/// What a connection is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    Write,
    Read,
}

impl Mode {
    /// Runs work in a transaction of its own: the writer's takes the lock at once, so that it cannot
    /// fail half-way; a reader's sees one snapshot.
    pub(crate) fn within<T>(
        self,
        connection: &mut SqliteConnection,
        work: impl FnOnce(&mut SqliteConnection) -> Result<T, Broken>,
    ) -> Result<T, Broken> {
        // A full disk ends the transaction by itself, and then rolling back fails as well. What matters
        // is the first error; the connection is mended afterwards.
        let mut first = None;
        let noting = |db: &mut SqliteConnection| {
            work(db).map_err(|broken| {
                first = Some(broken);
                DieselError::RollbackTransaction
            })
        };
        let done = match self {
            Self::Write => connection.immediate_transaction(noting),
            Self::Read => connection.transaction(noting),
        };
        done.map_err(|error| first.unwrap_or(Broken::Database(error)))
    }
}

/// When a change has to be on disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Safety {
    /// Before it is acknowledged, because the acknowledgement promises it.
    Now,
    /// Together with the next `Now` change. Until then it survives a crash of this process, but not of
    /// the machine: for changes that may safely be repeated.
    Soon,
}

impl Safety {
    const fn pragma(self) -> &'static str {
        match self {
            Self::Now => "PRAGMA synchronous = FULL",
            Self::Soon => "PRAGMA synchronous = NORMAL",
        }
    }
}

/// A connection together with what is needed to open it again.
pub(crate) struct Seat {
    pub(crate) connection: SqliteConnection,
    safety: Safety,
    path: PathBuf,
    mode: Mode,
}

/// Why there is no connection.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NoConnection {
    #[error("the file could not be opened")]
    Connect(#[from] ConnectionError),
    #[error("the connection could not be set up")]
    SetUp(#[from] DieselError),
}

impl Seat {
    pub(crate) fn open(path: &Path, mode: Mode) -> Result<Self, NoConnection> {
        Ok(Self {
            connection: connect(path, mode)?,
            safety: Safety::Now,
            path: path.to_owned(),
            mode,
        })
    }

    /// Runs work in a transaction of its own. If the required safety cannot be set, the work is not
    /// begun.
    pub(crate) fn within<T>(
        &mut self,
        safety: Safety,
        work: impl FnOnce(&mut SqliteConnection) -> Result<T, Broken>,
    ) -> Result<T, Broken> {
        if self.safety != safety {
            self.connection.batch_execute(safety.pragma())?;
            self.safety = safety;
        }
        self.mode.within(&mut self.connection, work)
    }

    /// Replaces a connection whose transaction did not end, as after a panic. Dropping the old one
    /// rolls that transaction back.
    pub(crate) fn mend(&mut self) {
        let broken = <SqliteConnection as diesel::Connection>::TransactionManager::
            is_broken_transaction_manager(&mut self.connection);
        if !broken {
            return;
        }
        match connect(&self.path, self.mode) {
            Ok(connection) => {
                self.connection = connection;
                self.safety = Safety::Now;
            }
            Err(error) => {
                // The next job fails on the old connection, and mending is tried again after it.
                let error: &dyn Error = &error;
                tracing::error!(error, "could not reopen the database connection");
            }
        }
    }
}

fn connect(path: &Path, mode: Mode) -> Result<SqliteConnection, NoConnection> {
    let mut connection = SqliteConnection::establish(&path.to_string_lossy())?;
    connection.set_instrumentation(Statements::counted());
    connection.batch_execute(EVERY)?;
    connection.batch_execute(match mode {
        Mode::Write => WRITING,
        Mode::Read => READING,
    })?;
    Ok(connection)
}

#[cfg(test)]
mod tests {
    use diesel::dsl::sql;
    use diesel::prelude::*;
    use diesel::sql_types::{Integer, Text};

    use super::*;

    #[test]
    fn what_is_acknowledged_is_on_the_disk_and_refers_to_what_is_there() {
        let folder = tempfile::tempdir().unwrap();
        for mode in [Mode::Write, Mode::Read] {
            let mut seat = Seat::open(&folder.path().join("tertulia.db"), mode).unwrap();
            let db = &mut seat.connection;
            let journal: String = sql::<Text>("PRAGMA journal_mode").get_result(db).unwrap();
            assert_eq!(journal, "wal");
            for (pragma, expected) in [
                ("PRAGMA synchronous", 2),
                ("PRAGMA foreign_keys", 1),
                ("PRAGMA query_only", i32::from(mode == Mode::Read)),
            ] {
                let value: i32 = sql::<Integer>(pragma).get_result(db).unwrap();
                assert_eq!(value, expected, "{pragma}");
            }
        }
    }

    #[test]
    fn what_may_be_done_over_does_not_wait_for_the_disk_and_what_comes_after_it_does() {
        let folder = tempfile::tempdir().unwrap();
        let mut seat = Seat::open(&folder.path().join("tertulia.db"), Mode::Write).unwrap();
        let synchronous = |seat: &mut Seat, safety| {
            let asked = seat.within(safety, |db| {
                Ok(sql::<Integer>("PRAGMA synchronous").get_result::<i32>(db)?)
            });
            asked.unwrap()
        };
        for safety in [Safety::Soon, Safety::Soon, Safety::Now, Safety::Now] {
            let expected = if safety == Safety::Now { 2 } else { 1 };
            assert_eq!(synchronous(&mut seat, safety), expected);
        }
        // A connection that replaces a broken one starts like any other.
        let broken = seat.within(Safety::Soon, |db| {
            db.batch_execute("ROLLBACK")?;
            Err::<(), _>(Broken::Undecided)
        });
        assert!(matches!(broken, Err(Broken::Undecided)));
        seat.mend();
        assert_eq!(synchronous(&mut seat, Safety::Soon), 1);
        assert_eq!(synchronous(&mut seat, Safety::Now), 2);
    }

    #[test]
    fn what_failed_first_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let mut seat = Seat::open(&folder.path().join("tertulia.db"), Mode::Write).unwrap();
        let done: Result<(), Broken> = Mode::Write.within(&mut seat.connection, |db| {
            // Like a full disk: the transaction is over before it is rolled back.
            db.batch_execute("ROLLBACK")?;
            Err(Broken::Undecided)
        });
        assert!(matches!(done, Err(Broken::Undecided)));

        seat.mend();
        Mode::Write
            .within(&mut seat.connection, |_db| Ok(()))
            .unwrap();
    }
}
