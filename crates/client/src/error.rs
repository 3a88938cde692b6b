//! Errors.

use std::error::Error as StdError;

use protocol::{ErrorCode, FieldError};
use serde::Deserialize;

type Cause = Box<dyn StdError + Send + Sync>;

/// Why a request failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The server refused the request.
    #[error(transparent)]
    Refused(#[from] Problem),
    /// Something else than Tertulia responded, usually a proxy.
    #[error("got status {0} from something other than a Tertulia server")]
    Stranger(u16),
    /// There was no response. The request may or may not have taken effect.
    #[error("the server cannot be reached")]
    Unreachable(#[source] Cause),
    /// The response cannot be parsed.
    #[error("the response cannot be parsed")]
    Unreadable(#[source] Cause),
    /// The request cannot be serialised.
    #[error("the request cannot be serialised")]
    Unwritable(#[source] Cause),
    /// The address is not a valid server address.
    #[error("{0:?} is not a valid server address")]
    Address(String),
    /// TLS could not be set up.
    #[error("TLS could not be set up")]
    Encryption(#[source] Cause),
    /// The system could not provide random numbers.
    #[error("the system could not provide random numbers")]
    NoChance(#[source] getrandom::Error),
    /// The session is over: sign in again.
    #[error("the session is over")]
    SignedOut,
    /// There is no connection, or it ended before a response arrived. The request may or may not
    /// have taken effect.
    #[error("there is no connection")]
    Disconnected,
    /// The connection was closed for good.
    #[error("the connection is closed")]
    Closed,
    /// The frame would exceed the size limit.
    #[error("the frame is too long to be sent")]
    TooLong,
    /// Too many requests or messages are waiting for the server.
    #[error("too much is waiting to be sent")]
    Full,
}

impl Error {
    /// The server's error code, if the server refused the request.
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

    /// Whether nothing was done, and a retry may succeed soon.
    pub(crate) const fn is_passing(&self) -> bool {
        if let Self::Refused(problem) = self {
            return problem.is_passing();
        }
        matches!(self, Self::Stranger(502..=504))
    }
}

/// The server's reason for refusing a request, over REST or the WebSocket.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{detail} ({code})")]
#[non_exhaustive]
pub struct Problem {
    /// The reason, for programs.
    pub code: ErrorCode,
    /// The reason, for people.
    pub detail: String,
    /// The HTTP status; `None` over the WebSocket.
    pub status: Option<u16>,
    /// Every invalid field, if the code is [`ErrorCode::Invalid`].
    pub errors: Vec<FieldError>,
    /// After how many seconds to retry.
    pub retry_after: Option<u64>,
    /// The id of the request in the server's log.
    pub request_id: Option<String>,
}

impl Problem {
    /// Parses a problem document, if the body is one.
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

    /// A problem of which only the code is known.
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

    /// Whether nothing was done, and a retry may succeed soon.
    pub const fn is_passing(&self) -> bool {
        matches!(self.code, ErrorCode::Unavailable | ErrorCode::Overloaded)
    }
}

/// The part of a problem document that other software may send, too.
#[derive(Deserialize)]
pub(crate) struct Code {
    pub(crate) code: ErrorCode,
}
