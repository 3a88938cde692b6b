//! Why a store could not be opened, and what to do about it.

use domain::BoxError;

/// A store that could not be opened. Each message tells the operator what to do. None contains the
/// address, which holds a password.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The address cannot be parsed.
    #[error("DATABASE_URL cannot be read: it is postgres://user:password@host:port/database")]
    Address {
        /// What is wrong with it.
        #[source]
        source: BoxError,
    },
    /// The certificates for verifying the server cannot be used.
    #[error(
        "the certificates to check Postgres with cannot be used: see sslrootcert in DATABASE_URL"
    )]
    Certificates {
        /// What is wrong with them.
        #[source]
        source: BoxError,
    },
    /// The server does not answer, or refuses the connection.
    #[error(
        "Postgres cannot be reached: check that it runs, and the host, port, user, password and \
         database in DATABASE_URL"
    )]
    Unreachable {
        /// What the driver said.
        #[source]
        source: BoxError,
    },
    /// The server is too old.
    #[error("Postgres is version {found}, and Tertulia needs 15 or later")]
    Old {
        /// Which version it is.
        found: String,
    },
    /// The database has tables, and they are not ours.
    #[error("the database is not one of Tertulia: give it a database of its own")]
    Foreign,
    /// A later version of Tertulia has changed the tables.
    #[error(
        "the database was made by a newer version of Tertulia, which this one does not know ({}): \
         install that version again, or restore a backup from before it",
        unknown.join(", ")
    )]
    Newer {
        /// The migrations that this version does not know.
        unknown: Vec<String>,
    },
    /// Another server uses the database, and the two are not connected to each other.
    #[error(
        "another tertulia uses this database, and one of the two works alone: set REDIS_URL and \
         MONGODB_URL for both, or stop the other one"
    )]
    NotAlone,
    /// Anything else.
    #[error("the database could not be prepared: see what follows")]
    Failed {
        /// What it was.
        #[source]
        source: BoxError,
    },
}

impl OpenError {
    pub(crate) fn failed(source: impl Into<BoxError>) -> Self {
        Self::Failed {
            source: source.into(),
        }
    }

    pub(crate) fn unreachable(source: impl Into<BoxError>) -> Self {
        Self::Unreachable {
            source: source.into(),
        }
    }

    /// Whether waiting may help: the database may be starting at the same time as the server.
    pub const fn may_pass(&self) -> bool {
        matches!(self, Self::Unreachable { .. })
    }
}
