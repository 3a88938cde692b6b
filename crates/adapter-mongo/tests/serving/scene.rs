//! Helpers that set a scene.

use std::time::Duration;

use adapter_mongo::MongoStore;
use domain::port::Sessions as _;
use domain::port::sessions::{Rotated, Rotation};
use domain::{Session, SessionId, SessionOrigin, Timestamp, TokenDigest, UserAgent, UserId};
use mongodb::bson::spec::BinarySubtype;
use mongodb::bson::{Binary, DateTime, Uuid};
use port_contracts::{ahead, fresh};

pub(crate) const SECOND: Duration = Duration::from_secs(1);
pub(crate) const GRACE: Duration = Duration::from_mins(1);
pub(crate) const LIFE: Duration = Duration::from_hours(24);

pub(crate) fn start() -> Timestamp {
    ahead(0)
}

/// The server's current time.
pub(crate) fn today() -> Timestamp {
    Timestamp::from_millis(DateTime::now().timestamp_millis())
}

pub(crate) fn token() -> TokenDigest {
    let [one, other] = [fresh::<SessionId>(), fresh()];
    let mut bytes = [0; 32];
    bytes[..16].copy_from_slice(one.as_uuid().as_bytes());
    bytes[16..].copy_from_slice(other.as_uuid().as_bytes());
    TokenDigest::from_bytes(bytes)
}

pub(crate) fn session(user: UserId, now: Timestamp) -> Session {
    Session {
        id: fresh(),
        user,
        created_at: now,
        last_used_at: now,
        expires_at: now + LIFE,
        origin: origin("Señal/7.1"),
    }
}

pub(crate) fn origin(client: &str) -> SessionOrigin {
    SessionOrigin {
        ip: None,
        user_agent: UserAgent::clip(client),
    }
}

pub(crate) async fn open(store: &MongoStore) -> (Session, TokenDigest) {
    let (session, token) = (session(fresh(), start()), token());
    store.open(&session, token).await.unwrap();
    (session, token)
}

pub(crate) fn rotation(
    presented: TokenDigest,
    replacement: TokenDigest,
    at: Timestamp,
) -> Rotation {
    Rotation {
        presented,
        replacement,
        at,
        grace: GRACE,
        expires_at: at + LIFE,
        origin: origin("Señal/7.2"),
    }
}

pub(crate) async fn rotate(
    store: &MongoStore,
    presented: TokenDigest,
    replacement: TokenDigest,
    at: Timestamp,
) -> Rotated {
    let rotation = rotation(presented, replacement, at);
    store.rotate(&rotation).await.unwrap()
}

/// Whether all queries agree on whether a session is live.
pub(crate) async fn lives(store: &MongoStore, session: &Session, token: TokenDigest) -> bool {
    let now = start();
    let live = store.live(&[session.id], now).await.unwrap();
    let found = store.find_by_token(token, now).await.unwrap();
    let listed = store.of_user(session.user, now).await.unwrap();
    let lives = live == [session.id];
    assert_eq!((found.is_some(), listed.len() == 1), (lives, lives));
    lives
}

/// An id as the adapter stores it.
pub(crate) fn key(id: impl domain::Id) -> Uuid {
    Uuid::from_bytes(id.as_uuid().into_bytes())
}

/// A digest as the adapter stores it.
pub(crate) fn binary(token: TokenDigest) -> Binary {
    Binary {
        subtype: BinarySubtype::Generic,
        bytes: token.as_bytes().to_vec(),
    }
}
