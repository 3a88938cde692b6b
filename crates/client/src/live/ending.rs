//! Why connections end, and what to do about it.

use std::error::Error as StdError;
use std::sync::Arc;

use protocol::ErrorCode;
use protocol::realtime::CloseCode;

use crate::{Error, Problem};

/// Why a connection ended, or could not be established.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Ending {
    /// The server closed it, with a code of the protocol.
    #[error("the server closed the connection: {0}")]
    Closed(CloseCode),
    /// It was closed with another code or none, for example by a proxy.
    #[error("the connection was closed ({0:?})")]
    ClosedWith(Option<u16>),
    /// The server refused the handshake.
    #[error("the server refused the connection")]
    Refused(#[source] Problem),
    /// Something else than Tertulia responded.
    #[error("got status {0} from something other than a Tertulia server")]
    Stranger(u16),
    /// The network failed.
    #[error("the connection broke")]
    Broken(#[source] Arc<dyn StdError + Send + Sync>),
    /// Nothing arrived for too long.
    #[error("the server was silent for too long")]
    Silent,
    /// The program did not take its events, and the queue overflowed.
    #[error("the program does not take its events")]
    Untaken,
    /// The session is over.
    #[error("the session is over")]
    SignedOut,
    /// The program closed it.
    #[error("the program closed the connection")]
    Left,
}

/// What to do after a connection has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Remedy {
    /// Reconnect with the last revs.
    Return,
    /// Reconnect with a fresh token. If that is refused as well, give up.
    Renew,
    /// Give up: it would end in the same way.
    None,
}

impl Ending {
    pub(super) fn broken(source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self::Broken(Arc::from(source.into()))
    }

    /// From the code of a close frame.
    pub(super) fn closed(number: Option<u16>) -> Self {
        match number.and_then(CloseCode::find) {
            Some(code) => Self::Closed(code),
            None => Self::ClosedWith(number),
        }
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "all others broke something")]
    /// From an error while connecting.
    pub(super) fn of(error: Error) -> Self {
        match error {
            Error::SignedOut => Self::SignedOut,
            Error::Refused(problem) => Self::Refused(problem),
            Error::Stranger(status) => Self::Stranger(status),
            error => Self::broken(error),
        }
    }

    /// What to do. The ranges of codes decide: below 4500 reconnect; from there on not without
    /// changing something, and a fresh token is all that this client can change by itself.
    pub(super) fn remedy(&self) -> Remedy {
        match self {
            Self::Closed(CloseCode::Unauthenticated | CloseCode::TokenExpired) => Remedy::Renew,
            Self::Closed(code) if code.may_reconnect() => Remedy::Return,
            Self::Closed(_)
            | Self::ClosedWith(Some(4500..=4999))
            | Self::SignedOut
            | Self::Left => Remedy::None,
            Self::ClosedWith(_) | Self::Broken(_) | Self::Silent | Self::Untaken => Remedy::Return,
            Self::Refused(problem) => refused(problem),
            Self::Stranger(status) => match status {
                408 | 425 | 429 | 500..=599 => Remedy::Return,
                _ => Remedy::None,
            },
        }
    }

    /// After how many seconds the server wants the next attempt.
    pub(super) const fn retry_after(&self) -> Option<u64> {
        if let Self::Refused(problem) = self {
            problem.retry_after
        } else {
            None
        }
    }
}

fn refused(problem: &Problem) -> Remedy {
    match (problem.code, problem.status) {
        (ErrorCode::TokenExpired | ErrorCode::Unauthenticated, _) => Remedy::Renew,
        (ErrorCode::RateLimited | ErrorCode::Unavailable | ErrorCode::Overloaded, _)
        | (_, Some(500..=599)) => Remedy::Return,
        _ => Remedy::None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_says_whether_to_come_back() {
        for (number, remedy) in [
            (4000, Remedy::Return),
            (4008, Remedy::Return),
            (4029, Remedy::Return),
            (4499, Remedy::Return),
            (4500, Remedy::Renew),
            (4501, Remedy::Renew),
            (4502, Remedy::None),
            (4503, Remedy::None),
            (4504, Remedy::None),
            (4513, Remedy::None),
            (4999, Remedy::None),
            (1000, Remedy::Return),
            (1001, Remedy::Return),
            (1011, Remedy::Return),
            (5000, Remedy::Return),
        ] {
            assert_eq!(Ending::closed(Some(number)).remedy(), remedy, "{number}");
        }
        assert_eq!(Ending::closed(None).remedy(), Remedy::Return);
    }

    #[test]
    fn a_refused_handshake_is_as_final_as_the_same_later() {
        for (status, code, remedy) in [
            (401, ErrorCode::TokenExpired, Remedy::Renew),
            (401, ErrorCode::SessionRevoked, Remedy::None),
            (403, ErrorCode::Forbidden, Remedy::None),
            (429, ErrorCode::TooMany, Remedy::None),
            (429, ErrorCode::RateLimited, Remedy::Return),
            (503, ErrorCode::Unavailable, Remedy::Return),
            (500, ErrorCode::Internal, Remedy::Return),
        ] {
            let problem = Problem {
                status: Some(status),
                ..Problem::of(code)
            };
            assert_eq!(Ending::Refused(problem).remedy(), remedy, "{status} {code}");
        }
        for (status, remedy) in [(404, Remedy::None), (502, Remedy::Return)] {
            assert_eq!(Ending::Stranger(status).remedy(), remedy);
        }
    }
}
