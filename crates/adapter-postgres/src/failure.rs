//! The only place that interprets the errors of Diesel and of the pool.

use std::fmt::Display;

use diesel::result::{DatabaseErrorKind, Error as DieselError};
use diesel_async::pooled_connection::deadpool::PoolError;
use domain::{BoxError, Failure};

/// A call of a port, as a failure names it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Call {
    pub(crate) port: &'static str,
    pub(crate) action: &'static str,
}

/// Why work on a connection failed.
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
    /// A concurrent change invalidated what the work was based on, where no lock could prevent that. It
    /// was rolled back; repeating it sees the other change.
    #[error("concurrent changes kept getting in first")]
    Overtaken,
}

/// Why work was not started, or was abandoned.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NotDone {
    /// As many calls as may wait for a connection are already waiting.
    #[error("the queue before the database is full")]
    Full,
    /// No connection became free in time.
    #[error("no connection to the database became free in time")]
    Late,
    /// No connection can be established.
    #[error("the database cannot be reached")]
    Unreachable(#[source] BoxError),
    /// The database did not answer within the timeout.
    #[error("the database does not answer in time")]
    Silent,
    /// The store was closed.
    #[error("the database was closed")]
    Closed,
}

impl Broken {
    pub(crate) fn into_failure(self, call: Call) -> Failure {
        let passing = match &self {
            Self::Database(error) => is_passing(error),
            Self::Unreadable { .. } => false,
            Self::Overtaken => true,
        };
        if passing {
            Failure::passing(call.port, call.action, self)
        } else {
            Failure::lasting(call.port, call.action, self)
        }
    }
}

impl NotDone {
    pub(crate) fn into_failure(self, call: Call) -> Failure {
        match self {
            Self::Full | Self::Late => Failure::overloaded(call.port, call.action, self),
            Self::Unreachable(_) | Self::Silent | Self::Closed => {
                Failure::passing(call.port, call.action, self)
            }
        }
    }
}

impl From<PoolError> for NotDone {
    fn from(error: PoolError) -> Self {
        match error {
            PoolError::Timeout(_) => Self::Late,
            PoolError::Closed => Self::Closed,
            PoolError::Backend(error) => Self::Unreachable(error.into()),
            other @ (PoolError::NoRuntimeSpecified | PoolError::PostCreateHook(_)) => {
                Self::Unreachable(other.into())
            }
        }
    }
}

/// Whether the connection is unusable.
pub(crate) fn is_cut(error: &DieselError) -> bool {
    matches!(
        error,
        DieselError::BrokenTransactionManager
            | DieselError::DatabaseError(
                DatabaseErrorKind::UnableToSendCommand | DatabaseErrorKind::ClosedConnection,
                _
            )
    )
}

/// Whether the same work may succeed later. Diesel keeps the text of an error, which servers localise,
/// but not its code. However, an error in the statement itself carries a position in its text, whereas
/// an external obstacle such as a shutdown, a full disk or a timeout carries none.
fn is_passing(error: &DieselError) -> bool {
    if is_cut(error) {
        return true;
    }
    if let DieselError::RollbackErrorOnCommit { commit_error, .. } = error {
        return is_passing(commit_error);
    }
    let DieselError::DatabaseError(kind, information) = error else {
        return false;
    };
    matches!(
        kind,
        DatabaseErrorKind::SerializationFailure | DatabaseErrorKind::ReadOnlyTransaction
    ) || matches!(kind, DatabaseErrorKind::Unknown) && information.statement_position().is_none()
}

/// Whether a row was rejected because it violates this unique constraint.
pub(crate) fn is_taken(error: &DieselError, constraint: &str) -> bool {
    matches!(
        error,
        DieselError::DatabaseError(DatabaseErrorKind::UniqueViolation, information)
            if information.constraint_name() == Some(constraint)
    )
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

    #[test]
    fn a_cut_connection_passes_and_a_broken_rule_does_not() {
        let says = |kind| {
            let error = DieselError::DatabaseError(kind, Box::new("words".to_owned()));
            Broken::Database(error).into_failure(CALL).retry
        };
        assert_eq!(
            says(DatabaseErrorKind::UnableToSendCommand),
            Retry::Worthwhile
        );
        assert_eq!(
            says(DatabaseErrorKind::ReadOnlyTransaction),
            Retry::Worthwhile
        );
        assert_eq!(says(DatabaseErrorKind::Unknown), Retry::Worthwhile);
        assert_eq!(says(DatabaseErrorKind::CheckViolation), Retry::Useless);
        assert_eq!(says(DatabaseErrorKind::ForeignKeyViolation), Retry::Useless);
    }

    #[test]
    fn waiting_in_vain_is_overloaded() {
        assert_eq!(NotDone::Late.into_failure(CALL).retry, Retry::Shortly);
        assert_eq!(NotDone::Full.into_failure(CALL).retry, Retry::Shortly);
        assert_eq!(NotDone::Silent.into_failure(CALL).retry, Retry::Worthwhile);
    }

    #[test]
    fn what_cannot_be_read_says_where_it_stands() {
        let spot = Spot::new("users", &7);
        let broken = spot.known::<()>("username", None).unwrap_err();
        assert_eq!(broken.to_string(), "users.username of 7 cannot be read");
        assert_eq!(broken.into_failure(CALL).retry, Retry::Useless);
    }
}
