//! Connections to the file, and how each is set up.

use std::path::{Path, PathBuf};

use diesel::connection::{Connection as _, SimpleConnection as _, TransactionManager as _};
use diesel::result::ConnectionError;
use diesel::sqlite::SqliteConnection;

use crate::failure::Broken;

// WAL lets readers go on while the writer writes; FULL has every commit on the disk before it is
// acknowledged, which is what an acknowledgement promises. The busy timeout is for other programs, such
// as a backup: inside this process nobody waits for a lock. Memory-mapped reading stays off, because
// a failing disk would then end the process with a signal, where it now is a failure that passes.
const EVERY: &str = "
    PRAGMA busy_timeout = 5000;
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    PRAGMA foreign_keys = ON;
    PRAGMA temp_store = MEMORY;
    PRAGMA mmap_size = 0;
";

// The log is cut back to 64 MiB after a burst. 64 MiB of pages are kept at hand.
const WRITING: &str = "
    PRAGMA cache_size = -65536;
    PRAGMA journal_size_limit = 67108864;
";

// 16 MiB of pages for each reader; and whatever a reader is told, it cannot write.
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
    /// Does work in a transaction of its own: the writer's takes the lock at once, so that it cannot
    /// lose it half-way; a reader's sees one snapshot.
    pub(crate) fn within<T>(
        self,
        connection: &mut SqliteConnection,
        work: impl FnOnce(&mut SqliteConnection) -> Result<T, Broken>,
    ) -> Result<T, Broken> {
        match self {
            Self::Write => connection.immediate_transaction(work),
            Self::Read => connection.transaction(work),
        }
    }
}

/// A connection together with what it takes to open it again.
pub(crate) struct Seat {
    pub(crate) connection: SqliteConnection,
    path: PathBuf,
    mode: Mode,
}

/// Why there is no connection.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NoConnection {
    #[error("the file could not be opened")]
    Connect(#[from] ConnectionError),
    #[error("the connection could not be set up")]
    SetUp(#[from] diesel::result::Error),
}

impl Seat {
    pub(crate) fn open(path: &Path, mode: Mode) -> Result<Self, NoConnection> {
        Ok(Self {
            connection: connect(path, mode)?,
            path: path.to_owned(),
            mode,
        })
    }

    /// Puts a new connection in place of one whose transaction did not end, as after a panic. Dropping
    /// the old one rolls back what it had begun.
    pub(crate) fn mend(&mut self) {
        let broken = <SqliteConnection as diesel::Connection>::TransactionManager::
            is_broken_transaction_manager(&mut self.connection);
        if !broken {
            return;
        }
        match connect(&self.path, self.mode) {
            Ok(connection) => self.connection = connection,
            Err(error) => {
                // The next job fails on the old connection, and mending is tried again after it.
                tracing::error!(
                    error = &error as &dyn std::error::Error,
                    "no new connection"
                );
            }
        }
    }
}

fn connect(path: &Path, mode: Mode) -> Result<SqliteConnection, NoConnection> {
    let mut connection = SqliteConnection::establish(&path.to_string_lossy())?;
    connection.batch_execute(EVERY)?;
    connection.batch_execute(match mode {
        Mode::Write => WRITING,
        Mode::Read => READING,
    })?;
    Ok(connection)
}
