//! The only place that interprets the driver's errors.

use std::fmt::Display;

use domain::{BoxError, Failure};
use mongodb::bson;
use mongodb::error::{
    Error, ErrorKind, RETRYABLE_ERROR, RETRYABLE_WRITE_ERROR, SYSTEM_OVERLOADED_ERROR,
    TRANSIENT_TRANSACTION_ERROR, WriteFailure,
};

/// Error codes after which the same call may succeed later: the server is starting, stopping or no
/// longer the primary, it could not reach the others, it timed out, or it was blocked by something.
const PASSING: [i32; 32] = [
    6,     // HostUnreachable
    7,     // HostNotFound
    24,    // LockTimeout
    43,    // CursorNotFound
    46,    // LockBusy
    50,    // MaxTimeMSExpired
    64,    // WriteConcernTimeout
    89,    // NetworkTimeout
    91,    // ShutdownInProgress
    94,    // NotYetInitialized
    112,   // WriteConflict
    117,   // ConflictingOperationInProgress
    133,   // FailedToSatisfyReadPreference
    134,   // ReadConcernMajorityNotAvailableYet
    175,   // QueryPlanKilled
    189,   // PrimarySteppedDown
    202,   // NetworkInterfaceExceededTimeLimit
    215,   // DatabaseDropPending
    237,   // CursorKilled
    262,   // ExceededTimeLimit
    276,   // IndexBuildAborted
    318,   // NoProgressMade
    9001,  // SocketException
    10058, // LegacyNotPrimary
    10107, // NotWritablePrimary
    11600, // InterruptedAtShutdown
    11601, // Interrupted
    11602, // InterruptedDueToReplStateChange
    13388, // StaleConfig
    13435, // NotPrimaryNoSecondaryOk
    13436, // NotPrimaryOrSecondary
    14031, // OutOfDiskSpace
];

/// Labels that a server or the driver puts on an error when the same call may succeed later.
const PASSING_LABELS: [&str; 4] = [
    RETRYABLE_ERROR,
    RETRYABLE_WRITE_ERROR,
    SYSTEM_OVERLOADED_ERROR,
    TRANSIENT_TRANSACTION_ERROR,
];

/// A duplicate key.
const DUPLICATE: i32 = 11_000;

/// A call of a port, as a failure names it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Call {
    pub(crate) port: &'static str,
    pub(crate) action: &'static str,
}

/// Why a call failed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Broken {
    /// The driver or the server failed.
    #[error("MongoDB failed")]
    Driver(#[from] Error),
    /// A stored document is not one that this adapter writes.
    #[error("{collection}.{field} of {id} cannot be read")]
    Unreadable {
        collection: &'static str,
        field: &'static str,
        id: String,
        #[source]
        source: BoxError,
    },
    /// An id or a token that must be new already exists.
    #[error("the {0} is in use")]
    Taken(&'static str),
    /// The server did not answer, or not before the caller gave up.
    #[error("MongoDB did not answer in time")]
    Late,
    /// As many calls as allowed are in progress or wait for a connection.
    #[error("too many calls wait for MongoDB")]
    Full,
    /// The store was closed.
    #[error("the store was closed")]
    Closed,
    /// The session changed between every attempt to read it.
    #[error("the session kept changing")]
    Unsettled,
}

impl Broken {
    pub(crate) fn into_failure(self, call: Call) -> Failure {
        let passing = match &self {
            Self::Driver(error) => is_passing(error),
            Self::Unreadable { .. } | Self::Taken(_) => false,
            Self::Late | Self::Closed | Self::Unsettled => true,
            Self::Full => return Failure::overloaded(call.port, call.action, self),
        };
        if passing {
            Failure::passing(call.port, call.action, self)
        } else {
            Failure::lasting(call.port, call.action, self)
        }
    }
}

/// Whether a document was not stored because its key already exists.
pub(crate) fn is_duplicate(error: &Error) -> bool {
    code(error) == Some(DUPLICATE)
}

fn is_passing(error: &Error) -> bool {
    let kind = error.kind.as_ref();
    // A write that the majority did not confirm in time may or may not have been applied, and may be
    // repeated.
    let unconfirmed = matches!(kind, ErrorKind::Write(WriteFailure::WriteConcernError(_)));
    let away = matches!(
        kind,
        ErrorKind::Io(_)
            | ErrorKind::ServerSelection { .. }
            | ErrorKind::ConnectionPoolCleared { .. }
            | ErrorKind::DnsResolve { .. }
            | ErrorKind::Shutdown
    );
    unconfirmed
        || away
        || PASSING_LABELS.iter().any(|it| error.contains_label(it))
        || code(error).is_some_and(|code| PASSING.contains(&code))
}

fn code(error: &Error) -> Option<i32> {
    let kind = error.kind.as_ref();
    if let ErrorKind::Command(failed) = kind {
        Some(failed.code)
    } else if let ErrorKind::Write(WriteFailure::WriteError(failed)) = kind {
        Some(failed.code)
    } else {
        None
    }
}

/// Identifies a document in the error that says it cannot be read.
#[derive(Clone, Copy)]
pub(crate) struct Spot<'a> {
    collection: &'static str,
    id: &'a dyn Display,
}

impl<'a> Spot<'a> {
    pub(crate) fn new(collection: &'static str, id: &'a dyn Display) -> Self {
        Self { collection, id }
    }

    /// A value that its parser may reject.
    pub(crate) fn parsed<T, E: Into<BoxError>>(
        &self,
        field: &'static str,
        value: Result<T, E>,
    ) -> Result<T, Broken> {
        value.map_err(|error| Broken::Unreadable {
            collection: self.collection,
            field,
            id: self.id.to_string(),
            source: error.into(),
        })
    }

    /// A document that has all required fields.
    pub(crate) fn whole<T>(&self, read: Result<T, bson::error::Error>) -> Result<T, Broken> {
        self.parsed("document", read)
    }
}

#[cfg(test)]
mod tests {
    use std::io;

    use domain::Retry;

    use super::*;

    const CALL: Call = Call {
        port: "sessions",
        action: "rotate",
    };

    fn retry(error: impl Into<Error>) -> Retry {
        Broken::from(error.into()).into_failure(CALL).retry
    }

    #[test]
    fn a_server_that_is_away_passes() {
        assert_eq!(
            retry(io::Error::from(io::ErrorKind::ConnectionReset)),
            Retry::Worthwhile
        );
        assert_eq!(retry(ErrorKind::Shutdown), Retry::Worthwhile);
        assert_eq!(Broken::Late.into_failure(CALL).retry, Retry::Worthwhile);
    }

    #[test]
    fn what_the_driver_finds_senseless_lasts() {
        assert_eq!(retry(ErrorKind::SessionsNotSupported), Retry::Useless);
        assert_eq!(
            Broken::Taken("token").into_failure(CALL).retry,
            Retry::Useless
        );
    }

    #[test]
    fn a_crowd_is_overload() {
        assert_eq!(Broken::Full.into_failure(CALL).retry, Retry::Shortly);
    }

    #[test]
    fn a_failure_says_nothing_of_where_the_server_is() {
        let refused = io::Error::other("db.example.org:27017 refused");
        let failure = Broken::from(Error::from(refused)).into_failure(CALL);
        assert_eq!(failure.to_string(), "sessions could not rotate");
        let told = format!("{}", failure.chain());
        assert!(told.contains("db.example.org:27017 refused"), "{told}");
    }

    #[test]
    fn what_cannot_be_read_says_where_it_stands() {
        let spot = Spot::new("sessions", &7);
        let broken = spot.parsed::<(), _>("ip", Err("odd")).unwrap_err();
        assert_eq!(broken.to_string(), "sessions.ip of 7 cannot be read");
        assert_eq!(broken.into_failure(CALL).retry, Retry::Useless);
    }
}
