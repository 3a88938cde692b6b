//! The only place that interprets Diesel's errors.

use std::fmt::Display;

use diesel::result::{DatabaseErrorKind, Error as DieselError};
use domain::{BoxError, Failure};

/// SQLite's messages for temporary failures, in which the disk, the memory or another process was the
/// obstacle. Diesel keeps the text of an error, but not its code.
const PASSING: [&str; 9] = [
    "database or disk is full",
    "disk I/O error",
    "database is locked",
    "database table is locked",
    "unable to open database file",
    "attempt to write a readonly database",
    "out of memory",
    "interrupted",
    "locking protocol",
];

/// A call of a port, as a failure names it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Call {
    pub(crate) port: &'static str,
    pub(crate) action: &'static str,
}

/// Why work on a connection failed. Its transaction was rolled back.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Broken {
    /// A statement failed.
    #[error("the database failed")]
    Database(#[from] DieselError),
    /// A stored value is not one that the domain accepts.
    #[error("{table}.{column} of {id} cannot be read")]
    Unreadable {
        table: &'static str,
        column: &'static str,
        id: String,
        #[source]
        source: BoxError,
    },
    /// The caller was asked to decide under the lock and did not answer.
    #[error("the caller did not decide in time, so the lock was released")]
    Undecided,
}

/// Why work was not started.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NotBegun {
    /// As many calls as may wait are already waiting.
    #[error("the queue before the database is full")]
    Full,
    /// Earlier work took so long that the caller has given up, or will have before this is done.
    #[error("the call waited too long for the database")]
    Late,
    /// The store was closed.
    #[error("the database was closed")]
    Closed,
}

/// The work panicked and was rolled back.
#[derive(Debug, thiserror::Error)]
#[error("the work on the database panicked")]
pub(crate) struct Panicked;

impl Broken {
    pub(crate) fn into_failure(self, call: Call) -> Failure {
        let passing = match &self {
            Self::Database(error) => is_passing(error),
            Self::Unreadable { .. } => false,
            Self::Undecided => true,
        };
        if passing {
            Failure::passing(call.port, call.action, self)
        } else {
            Failure::lasting(call.port, call.action, self)
        }
    }
}

impl NotBegun {
    pub(crate) fn into_failure(self, call: Call) -> Failure {
        match self {
            Self::Full | Self::Late => Failure::overloaded(call.port, call.action, self),
            Self::Closed => Failure::passing(call.port, call.action, self),
        }
    }
}

impl Panicked {
    pub(crate) fn into_failure(self, call: Call) -> Failure {
        Failure::lasting(call.port, call.action, self)
    }
}

/// SQLite's message, if it was SQLite that failed.
pub(crate) fn words_of(error: &DieselError) -> Option<&str> {
    if let DieselError::DatabaseError(DatabaseErrorKind::Unknown, information) = error {
        Some(information.message())
    } else {
        None
    }
}

fn is_passing(error: &DieselError) -> bool {
    if let DieselError::RollbackErrorOnCommit { commit_error, .. } = error {
        return is_passing(commit_error);
    }
    matches!(error, DieselError::BrokenTransactionManager)
        || words_of(error).is_some_and(|words| PASSING.iter().any(|known| words.contains(known)))
}

/// Identifies a row in the error that says it cannot be read.
#[derive(Clone, Copy)]
pub(crate) struct Spot<'a> {
    table: &'static str,
    id: &'a dyn Display,
}

impl<'a> Spot<'a> {
    pub(crate) fn new(table: &'static str, id: &'a dyn Display) -> Self {
        Self { table, id }
    }

    /// A value that its parser may reject.
    pub(crate) fn parsed<T, E: Into<BoxError>>(
        &self,
        column: &'static str,
        value: Result<T, E>,
    ) -> Result<T, Broken> {
        value.map_err(|error| self.unreadable(column, error))
    }

    /// A value that must be one of the known ones.
    pub(crate) fn known<T>(&self, column: &'static str, value: Option<T>) -> Result<T, Broken> {
        value.ok_or_else(|| self.unreadable(column, "not a known value"))
    }

    fn unreadable(&self, column: &'static str, source: impl Into<BoxError>) -> Broken {
        Broken::Unreadable {
            table: self.table,
            column,
            id: self.id.to_string(),
            source: source.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::Retry;

    use super::*;

    const CALL: Call = Call {
        port: "rooms",
        action: "find",
    };

    fn says(words: &str) -> Broken {
        Broken::Database(DieselError::DatabaseError(
            DatabaseErrorKind::Unknown,
            Box::new(words.to_owned()),
        ))
    }

    #[test]
    fn a_full_disk_passes_and_a_damaged_file_does_not() {
        let full = says("database or disk is full").into_failure(CALL);
        assert_eq!(full.retry, Retry::Worthwhile);
        let damaged = says("database disk image is malformed").into_failure(CALL);
        assert_eq!(damaged.retry, Retry::Useless);
    }

    #[test]
    fn a_full_queue_is_overloaded() {
        for refused in [NotBegun::Full, NotBegun::Late] {
            assert_eq!(refused.into_failure(CALL).retry, Retry::Shortly);
        }
    }

    #[test]
    fn what_cannot_be_read_says_where_it_stands() {
        let spot = Spot::new("users", &7);
        let broken = spot.known::<()>("username", None).unwrap_err();
        assert_eq!(broken.to_string(), "users.username of 7 cannot be read");
        assert_eq!(broken.into_failure(CALL).retry, Retry::Useless);
    }
}
