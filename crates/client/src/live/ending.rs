//! Why connections end, and what that means.

use std::error::Error as StdError;
use std::sync::Arc;

use protocol::ErrorCode;
use protocol::realtime::CloseCode;

use crate::{Error, Problem};

/// Why a connection ended, or could not be made.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Ending {
    /// The server closed it, and said why.
    #[error("the server closed the connection: {0}")]
    Closed(CloseCode),
    /// Somebody closed it with this number, if with any: a proxy, or a server of another kind.
    #[error("the connection was closed ({0:?})")]
    ClosedWith(Option<u16>),
    /// The server did not let it begin.
    #[error("the server refused the connection")]
    Refused(#[source] Problem),
    /// Something answered that is no Tertulia.
    #[error("something answered with status {0}, which was not the server")]
    Stranger(u16),
    /// It broke.
    #[error("the connection broke")]
    Broken(#[source] Arc<dyn StdError + Send + Sync>),
    /// Nothing was heard for too long.
    #[error("nothing was heard for too long")]
    Silent,
    /// The program takes no events, and more waited for it than may wait.
    #[error("too many events wait to be taken")]
    Untaken,
    /// The session is over.
    #[error("nobody is signed in")]
    SignedOut,
    /// The program closed it.
    #[error("it was closed here")]
    Left,
}

/// What to do about an ending.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Remedy {
    /// Come back with the last revs.
    Return,
    /// Come back with another token. If that does not help either, there is no remedy.
    Renew,
    /// It would end in the same way.
    None,
}

impl Ending {
    pub(super) fn broken(source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self::Broken(Arc::from(source.into()))
    }

    /// By the number of a close frame.
    pub(super) fn closed(number: Option<u16>) -> Self {
        match number.and_then(CloseCode::find) {
            Some(code) => Self::Closed(code),
            None => Self::ClosedWith(number),
        }
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "all others broke something")]
    /// Of an error on the way to a connection.
    pub(super) fn of(error: Error) -> Self {
        match error {
            Error::SignedOut => Self::SignedOut,
            Error::Refused(problem) => Self::Refused(problem),
            Error::Stranger(status) => Self::Stranger(status),
            error => Self::broken(error),
        }
    }

    /// What to do. The numbers say it by themselves: below 4500 one comes back, from there on not
    /// without doing something, and another token is all that a program can do on its own.
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

    /// After how many seconds the server wants to be asked again.
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
