//! What goes wrong.

use std::error::Error as StdError;

use protocol::{ErrorCode, FieldError};
use serde::Deserialize;

type Cause = Box<dyn StdError + Send + Sync>;

/// Why something was not done.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The server understood and said no.
    #[error(transparent)]
    Refused(#[from] Problem),
    /// Something answered, but not as a Tertulia would: a proxy, mostly.
    #[error("something answered with status {0}, which was not the server")]
    Stranger(u16),
    /// No answer came. Whether anything was done is not known.
    #[error("the server cannot be reached")]
    Unreachable(#[source] Cause),
    /// What came cannot be read.
    #[error("the answer cannot be read")]
    Unreadable(#[source] Cause),
    /// What was to be sent cannot be written.
    #[error("the request cannot be written")]
    Unwritable(#[source] Cause),
    /// The address is none of a server.
    #[error("{0:?} is no address of a server")]
    Address(String),
    /// Nothing can be encrypted.
    #[error("there is no encryption")]
    Encryption(#[source] Cause),
    /// The system has no randomness to give.
    #[error("the system gives no random numbers")]
    NoChance(#[source] getrandom::Error),
    /// The session is over: sign in again.
    #[error("nobody is signed in")]
    SignedOut,
    /// The connection is not there, or ended before there was an answer. Whether anything was done is not
    /// known.
    #[error("there is no connection")]
    Disconnected,
    /// The connection was closed for good.
    #[error("the connection is closed")]
    Closed,
    /// It is longer than a frame may be.
    #[error("it is too long to be sent")]
    TooLong,
    /// Too much waits for the server already.
    #[error("too much waits to be sent")]
    Full,
}

impl Error {
    /// The server's word for it, if it was the server that said no.
    pub const fn code(&self) -> Option<ErrorCode> {
        if let Self::Refused(problem) = self {
            Some(problem.code)
        } else {
            None
        }
    }

    pub(crate) fn encryption(source: rustls::Error) -> Self {
        Self::Encryption(source.into())
    }

    /// Nothing was done, and the same may succeed in a moment.
    pub(crate) const fn is_passing(&self) -> bool {
        if let Self::Refused(problem) = self {
            return problem.is_passing();
        }
        matches!(self, Self::Stranger(502..=504))
    }
}

/// What the server said no with, over REST or on the socket.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{detail} ({code})")]
#[non_exhaustive]
pub struct Problem {
    /// Why, for programs.
    pub code: ErrorCode,
    /// Why, for people.
    pub detail: String,
    /// The HTTP status; none on the socket.
    pub status: Option<u16>,
    /// Every bad field, when the code is [`ErrorCode::Invalid`].
    pub errors: Vec<FieldError>,
    /// After how many seconds to try again.
    pub retry_after: Option<u64>,
    /// The request, as the server's log knows it.
    pub request_id: Option<String>,
}

impl Problem {
    /// Of an answer, if it is one of a server's.
    pub(crate) fn read(status: u16, body: &[u8]) -> Option<Self> {
        let told: protocol::Problem = serde_json::from_slice(body).ok()?;
        Some(Self {
            code: told.code,
            detail: told.detail,
            status: Some(status),
            errors: told.errors,
            retry_after: told.retry_after,
            request_id: Some(told.request_id),
        })
    }

    /// Of a code alone.
    pub(crate) fn of(code: ErrorCode) -> Self {
        Self {
            code,
            detail: "the server refused".to_owned(),
            status: None,
            errors: Vec::new(),
            retry_after: None,
            request_id: None,
        }
    }

    /// Nothing was done, and the same may succeed in a moment.
    pub const fn is_passing(&self) -> bool {
        matches!(self.code, ErrorCode::Unavailable | ErrorCode::Overloaded)
    }
}

/// As much of a problem as a stranger's answer may have.
#[derive(Deserialize)]
pub(crate) struct Code {
    pub(crate) code: ErrorCode,
}
