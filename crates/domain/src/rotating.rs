//! The verdict on a refresh token that a client presents.
//!
//! In one atomic step, a store looks the token up, asks [`judge`] for the verdict, and carries it out.
//! So all stores give the same answers, however they read and write.

use crate::Timestamp;
use crate::port::sessions::Rotation;

/// What a store knows of a presented token.
#[derive(Clone, Copy, Debug)]
pub struct Presented {
    /// When the token's session expires.
    pub expires_at: Timestamp,
    /// Whether the session was ended.
    pub has_ended: bool,
    /// Which of the session's tokens it is.
    pub token: Token,
}

/// A place in the sequence of a session's tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Token {
    /// The last one, which is unused.
    Current,
    /// The one that was exchanged for the current one, at this time.
    Previous(Timestamp),
    /// One that was exchanged before that.
    Earlier,
}

/// What becomes of the token's session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It has expired, so nobody knows the token any more.
    Unknown,
    /// It stays ended.
    Revoked,
    /// It is renewed, and the replacement becomes its current token.
    Renew,
    /// It stays as it is: the client lost the answer, and gets the current token again.
    Repeat,
    /// It ends, because the token may be stolen.
    End,
}

/// Judges a presented token.
pub fn judge(presented: Presented, rotation: &Rotation) -> Verdict {
    if presented.expires_at <= rotation.at {
        return Verdict::Unknown;
    }
    if presented.has_ended {
        return Verdict::Revoked;
    }
    match presented.token {
        Token::Current => Verdict::Renew,
        Token::Previous(at) if rotation.at.since(at) <= rotation.grace => Verdict::Repeat,
        Token::Previous(_) | Token::Earlier => Verdict::End,
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::{SessionOrigin, TokenDigest};

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millis(millis)
    }

    fn verdict(token: Token, has_ended: bool, now: i64) -> Verdict {
        let presented = Presented {
            expires_at: at(100),
            has_ended,
            token,
        };
        let rotation = Rotation {
            presented: TokenDigest::from_bytes([1; 32]),
            replacement: TokenDigest::from_bytes([2; 32]),
            at: at(now),
            grace: Duration::from_millis(5),
            expires_at: at(200),
            origin: SessionOrigin::default(),
        };
        judge(presented, &rotation)
    }

    #[test]
    fn the_current_token_renews_its_session() {
        assert_eq!(verdict(Token::Current, false, 10), Verdict::Renew);
    }

    #[test]
    fn the_previous_token_may_come_again_within_the_grace() {
        let previous = Token::Previous(at(10));
        // A clock that is behind the one that saw the exchange counts as well.
        for now in [9, 10, 15] {
            assert_eq!(verdict(previous, false, now), Verdict::Repeat);
        }
        assert_eq!(verdict(previous, false, 16), Verdict::End);
    }

    #[test]
    fn an_earlier_token_ends_the_session() {
        assert_eq!(verdict(Token::Earlier, false, 10), Verdict::End);
    }

    #[test]
    fn no_token_revives_a_session_that_is_over() {
        for token in [Token::Current, Token::Previous(at(99)), Token::Earlier] {
            assert_eq!(verdict(token, true, 99), Verdict::Revoked);
            assert_eq!(verdict(token, true, 100), Verdict::Unknown);
            assert_eq!(verdict(token, false, 100), Verdict::Unknown);
        }
    }
}
