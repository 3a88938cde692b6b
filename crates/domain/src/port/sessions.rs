//! Sessions and their refresh tokens.

use std::time::Duration;

use async_trait::async_trait;

use crate::{Failure, Session, SessionId, SessionOrigin, Timestamp, TokenDigest, UserId};

/// The exchange of a refresh token for its replacement.
#[derive(Clone, Debug)]
pub struct Rotation {
    /// The token that the client presented.
    pub presented: TokenDigest,
    /// Its replacement. It is derived from the presented token, so that repeating the exchange yields the
    /// same one.
    pub replacement: TokenDigest,
    /// When it happens.
    pub at: Timestamp,
    /// How long a client that lost the answer may present the used token again.
    pub grace: Duration,
    /// When the session expires unless it is renewed again.
    pub expires_at: Timestamp,
    /// Where the request came from.
    pub origin: SessionOrigin,
}

impl Rotation {
    /// Renews a session.
    pub fn renew(&self, session: &mut Session) {
        session.last_used_at = self.at;
        session.expires_at = self.expires_at;
        session.origin = self.origin.clone();
    }
}

/// The outcome of an exchange.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rotated {
    /// The replacement is valid now, and the presented token is used up.
    Renewed(Session),
    /// The token was used moments ago and its replacement is still unused: the client gets the same
    /// replacement again.
    Repeated(Session),
    /// The token had been used before: it may be stolen, so the session was ended.
    Reused(Session),
    /// The session had already been ended.
    Revoked,
    /// There is no such token, or its session has expired.
    Unknown,
}

/// Stores sessions, and refresh tokens as digests only.
///
/// # Obligations
/// - `an_opened_session_is_live`: it is found by its token, listed, and live until it expires.
/// - `rotation_replaces_the_token`: the replacement rotates next; the session takes its expiry, last use
///   and origin from the rotation.
/// - `a_repeat_within_the_grace_gets_the_same_replacement`: and changes nothing.
/// - `concurrent_rotations_agree`: of twenty concurrent ones with one token, exactly one is `Renewed`,
///   the others are `Repeated`, and the session lives.
/// - `a_spent_token_after_the_grace_ends_the_session`.
/// - `a_spent_token_whose_replacement_is_spent_ends_the_session`: even within the grace period.
/// - `a_token_spent_long_ago_ends_the_session`: not only the last used token is remembered.
/// - `a_revoked_session_does_not_rotate`: even with an unused token the answer is `Revoked`.
/// - `an_expired_session_is_unknown`: to every method, even if it has not been deleted yet.
/// - `an_unknown_token_is_unknown`.
/// - `ending_tells_whether_it_lived`: ending a session again returns `false`.
/// - `only_its_owner_ends_a_session`: with another user's id, nothing ends.
/// - `ending_all_spares_the_one`: and returns every session that it ended.
/// - `sessions_are_listed_newest_use_first`: only live ones of that user.
/// - `live_tells_ended_from_live`: for tens of thousands at once.
#[async_trait]
pub trait Sessions: Send + Sync + 'static {
    /// Opens a session with its first refresh token.
    async fn open(&self, session: &Session, token: TokenDigest) -> Result<(), Failure>;

    /// Exchanges a refresh token, in one atomic step.
    async fn rotate(&self, rotation: &Rotation) -> Result<Rotated, Failure>;

    /// The live session of a token, used or not.
    async fn find_by_token(
        &self,
        token: TokenDigest,
        now: Timestamp,
    ) -> Result<Option<Session>, Failure>;

    /// A user's live sessions.
    async fn of_user(&self, user: UserId, now: Timestamp) -> Result<Vec<Session>, Failure>;

    /// Those of these sessions that are live.
    async fn live(&self, ids: &[SessionId], now: Timestamp) -> Result<Vec<SessionId>, Failure>;

    /// Ends a user's session; returns whether it was live.
    async fn end(&self, id: SessionId, user: UserId, now: Timestamp) -> Result<bool, Failure>;

    /// Ends all of a user's sessions but one, and returns those that were live.
    async fn end_all(
        &self,
        user: UserId,
        except: Option<SessionId>,
        now: Timestamp,
    ) -> Result<Vec<SessionId>, Failure>;
}
