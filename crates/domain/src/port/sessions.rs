//! Signed-in devices and their refresh tokens.

use std::time::Duration;

use async_trait::async_trait;

use crate::{Failure, Session, SessionId, SessionOrigin, Timestamp, TokenDigest, UserId};

/// One exchange of a refresh token for its replacement.
#[derive(Clone, Debug)]
pub struct Rotation {
    /// What the client presented.
    pub presented: TokenDigest,
    /// What it is to have instead. Derived from the presented token, so that whoever repeats the
    /// exchange derives the same.
    pub replacement: TokenDigest,
    /// When.
    pub at: Timestamp,
    /// For how long a spent token may be presented again by a client that lost the answer.
    pub grace: Duration,
    /// When the session ends unless it is renewed again.
    pub expires_at: Timestamp,
    /// Where the client is.
    pub origin: SessionOrigin,
}

/// What became of an exchange.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rotated {
    /// The replacement is good now, and the presented token is spent.
    Renewed(Session),
    /// The token was spent moments ago and its replacement is still unspent: whoever asks gets the
    /// same replacement again.
    Repeated(Session),
    /// A token was presented that was spent before: it may be stolen, so the session is ended now.
    Reused(Session),
    /// The session was ended before.
    Revoked,
    /// No such token, or its session has expired.
    Unknown,
}

/// Keeps sessions, and of refresh tokens only the digests.
///
/// # Obligations
/// - `an_opened_session_is_live`: it is found by its token, listed, and live until it expires.
/// - `rotation_replaces_the_token`: the replacement rotates next; the session's expiry, use and
///   origin are those of the rotation.
/// - `a_repeat_within_the_grace_gets_the_same_replacement`: and changes nothing.
/// - `concurrent_rotations_agree`: of twenty at once with one token, exactly one is `Renewed`, the
///   others are `Repeated`, and the session lives.
/// - `a_spent_token_after_the_grace_ends_the_session`.
/// - `a_spent_token_whose_replacement_is_spent_ends_the_session`: even within the grace.
/// - `a_token_spent_long_ago_ends_the_session`: not only the last one is remembered.
/// - `a_revoked_session_does_not_rotate`: with its good token, `Revoked`.
/// - `an_expired_session_is_unknown`: to every method, whether or not it was cleared away yet.
/// - `an_unknown_token_is_unknown`.
/// - `ending_tells_whether_it_lived`: the second end of a session answers `false`.
/// - `only_its_owner_ends_a_session`: another user's id ends nothing.
/// - `ending_all_spares_the_one`: and names every session that it ended.
/// - `sessions_are_listed_newest_use_first`: only live ones of that user.
/// - `live_tells_ended_from_live`: of tens of thousands at once.
#[async_trait]
pub trait Sessions: Send + Sync + 'static {
    /// Opens a session with its first refresh token.
    async fn open(&self, session: &Session, token: TokenDigest) -> Result<(), Failure>;

    /// Exchanges a refresh token, in one atomic step.
    async fn rotate(&self, rotation: &Rotation) -> Result<Rotated, Failure>;

    /// The live session that a token, spent or not, belongs to.
    async fn find_by_token(
        &self,
        token: TokenDigest,
        now: Timestamp,
    ) -> Result<Option<Session>, Failure>;

    /// A person's live sessions.
    async fn of_user(&self, user: UserId, now: Timestamp) -> Result<Vec<Session>, Failure>;

    /// Which of these sessions are live.
    async fn live(&self, ids: &[SessionId], now: Timestamp) -> Result<Vec<SessionId>, Failure>;

    /// Ends a person's session; answers whether it was live.
    async fn end(&self, id: SessionId, user: UserId, now: Timestamp) -> Result<bool, Failure>;

    /// Ends all of a person's sessions but one, and names those that were live.
    async fn end_all(
        &self,
        user: UserId,
        except: Option<SessionId>,
        now: Timestamp,
    ) -> Result<Vec<SessionId>, Failure>;
}
