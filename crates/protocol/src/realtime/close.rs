//! Why the server closes a connection.

use std::fmt::{self, Display};

/// Why the server closes a connection, sent as the close code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CloseCode {
    /// The server is stopping, or its store was replaced (the epoch changed).
    Shutdown,
    /// The client has not read anything for too long.
    Slow,
    /// The client sent far too many frames.
    TooManyFrames,
    /// The client did not authenticate in time, or its token is not valid.
    Unauthenticated,
    /// The token expired and was not replaced.
    TokenExpired,
    /// The session was ended.
    SessionRevoked,
    /// A frame violated the protocol, or tried to authenticate as another user.
    Breach,
    /// The user has the maximum number of connections.
    TooManyConnections,
    /// A frame was too long; sending it again would fail again.
    TooLong,
}

impl CloseCode {
    /// All of them.
    pub const ALL: &'static [Self] = &[
        Self::Shutdown,
        Self::Slow,
        Self::TooManyFrames,
        Self::Unauthenticated,
        Self::TokenExpired,
        Self::SessionRevoked,
        Self::Breach,
        Self::TooManyConnections,
        Self::TooLong,
    ];

    /// The close code on the wire.
    pub const fn number(self) -> u16 {
        match self {
            Self::Shutdown => 4000,
            Self::Slow => 4008,
            Self::TooManyFrames => 4029,
            Self::Unauthenticated => 4500,
            Self::TokenExpired => 4501,
            Self::SessionRevoked => 4502,
            Self::Breach => 4503,
            Self::TooManyConnections => 4504,
            Self::TooLong => 4513,
        }
    }

    /// Finds the variant with this close code.
    pub fn find(number: u16) -> Option<Self> {
        Self::ALL.iter().copied().find(|it| it.number() == number)
    }

    /// The human-readable reason. A close frame has room for 123 bytes of it.
    pub const fn reason(self) -> &'static str {
        match self {
            Self::Shutdown => "the server is stopping",
            Self::Slow => "nothing was taken for too long",
            Self::TooManyFrames => "too many frames",
            Self::Unauthenticated => "not authenticated",
            Self::TokenExpired => "the token expired",
            Self::SessionRevoked => "the session was ended",
            Self::Breach => "not of this protocol",
            Self::TooManyConnections => "too many connections",
            Self::TooLong => "the frame is too long",
        }
    }

    /// Whether the client may reconnect with its last revs without doing anything else first.
    pub const fn may_reconnect(self) -> bool {
        matches!(self.number(), 4000..=4499)
    }
}

impl Display for CloseCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.number(), self.reason())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn the_number_says_whether_to_come_back() {
        let told = |code: &CloseCode| (code.number(), code.may_reconnect());
        let told: Vec<_> = CloseCode::ALL.iter().map(told).collect();
        assert_eq!(
            told,
            [
                (4000, true),
                (4008, true),
                (4029, true),
                (4500, false),
                (4501, false),
                (4502, false),
                (4503, false),
                (4504, false),
                (4513, false),
            ]
        );
    }

    #[test]
    fn codes_are_found_by_their_numbers_only() {
        for code in CloseCode::ALL {
            assert_eq!(CloseCode::find(code.number()), Some(*code));
        }
        for stranger in [0, 1000, 1006, 4001, 4499, 5000] {
            assert_eq!(CloseCode::find(stranger), None, "{stranger}");
        }
    }

    #[test]
    fn reasons_are_distinct_and_fit_a_close_frame() {
        let reasons: HashSet<_> = CloseCode::ALL.iter().map(|code| code.reason()).collect();
        assert_eq!(reasons.len(), CloseCode::ALL.len());
        assert!(
            reasons
                .iter()
                .all(|reason| (1..=123).contains(&reason.len()))
        );
        assert_eq!(
            CloseCode::Slow.to_string(),
            "4008 (nothing was taken for too long)"
        );
    }
}
