//! Helpers for tests of sessions.

use std::sync::Arc;
use std::time::Duration;

use domain::port::Sessions;
use domain::port::sessions::{Rotated, Rotation};
use domain::{Session, SessionId, SessionOrigin, Timestamp, TokenDigest, UserAgent, UserId};

use crate::{ahead, fresh};

/// For how long a spent token may be presented again.
pub(super) const GRACE: Duration = Duration::from_mins(1);

/// How long a session lives without being renewed.
pub(crate) const LIFE: Duration = Duration::from_hours(24);

/// When all sessions are opened.
pub(crate) fn start() -> Timestamp {
    ahead(0)
}

/// A fresh digest.
pub(crate) fn token() -> TokenDigest {
    let [one, other] = [fresh::<SessionId>(), fresh()];
    let mut bytes = [0; 32];
    bytes[..16].copy_from_slice(one.as_uuid().as_bytes());
    bytes[16..].copy_from_slice(other.as_uuid().as_bytes());
    TokenDigest::from_bytes(bytes)
}

/// An origin with this address and a client of this name.
pub(super) fn from(ip: &str, client: &str) -> SessionOrigin {
    SessionOrigin {
        ip: Some(ip.parse().unwrap()),
        user_agent: UserAgent::clip(client),
    }
}

/// A session that has not been opened yet.
pub(super) fn session(user: UserId) -> Session {
    Session {
        id: fresh(),
        user,
        created_at: start(),
        last_used_at: start(),
        expires_at: start() + LIFE,
        origin: from("203.0.113.7", "Señal/7.1 (teléfono)"),
    }
}

/// Opens a session with its first token.
pub(crate) async fn open(sessions: &Arc<dyn Sessions>, user: UserId) -> (Session, TokenDigest) {
    let (session, token) = (session(user), token());
    sessions.open(&session, token).await.unwrap();
    (session, token)
}

/// An exchange, some time after the start.
pub(super) fn rotation(
    presented: TokenDigest,
    replacement: TokenDigest,
    after: Duration,
) -> Rotation {
    Rotation {
        presented,
        replacement,
        at: start() + after,
        grace: GRACE,
        expires_at: start() + after + LIFE,
        origin: from("2001:db8::7", "Señal/7.2 (teléfono)"),
    }
}

/// Exchanges a token, some time after the start.
pub(crate) async fn rotate(
    sessions: &Arc<dyn Sessions>,
    presented: TokenDigest,
    replacement: TokenDigest,
    after: Duration,
) -> Rotated {
    let rotation = rotation(presented, replacement, after);
    sessions.rotate(&rotation).await.unwrap()
}

/// Exchanges a token, which must be valid.
pub(crate) async fn renew(
    sessions: &Arc<dyn Sessions>,
    presented: TokenDigest,
    after: Duration,
) -> (Session, TokenDigest) {
    let replacement = token();
    match rotate(sessions, presented, replacement, after).await {
        Rotated::Renewed(session) => (session, replacement),
        other => panic!("{other:?}"),
    }
}

/// Whether a session is live some time after the start. All queries must agree.
pub(super) async fn lives(
    sessions: &Arc<dyn Sessions>,
    session: &Session,
    token: TokenDigest,
    after: Duration,
) -> bool {
    let now = start() + after;
    let live = sessions.live(&[session.id], now).await.unwrap();
    let of_user = sessions.of_user(session.user, now).await.unwrap();
    let listed = of_user.iter().any(|listed| listed.id == session.id);
    let found = sessions.find_by_token(token, now).await.unwrap();
    let found = found.is_some_and(|found| found.id == session.id);
    let lives = live == [session.id];
    assert_eq!((listed, found), (lives, lives));
    assert!(lives || live.is_empty());
    lives
}
