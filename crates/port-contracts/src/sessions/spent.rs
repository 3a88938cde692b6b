//! Spent tokens that come back, because somebody has a copy.

use std::sync::Arc;
use std::time::Duration;

use domain::port::Sessions;
use domain::port::sessions::Rotated;
use domain::{Session, TokenDigest};

use super::scene::{GRACE, lives, open, renew, rotate, token};
use crate::fresh;

const SECOND: Duration = Duration::from_secs(1);

pub async fn a_spent_token_after_the_grace_ends_the_session(sessions: &Arc<dyn Sessions>) {
    let (session, first) = open(sessions, fresh()).await;
    let (_, second) = renew(sessions, first, SECOND).await;
    ends(sessions, &session, first, second, GRACE + SECOND * 2).await;
}

pub async fn a_spent_token_whose_replacement_is_spent_ends_the_session(
    sessions: &Arc<dyn Sessions>,
) {
    let (session, first) = open(sessions, fresh()).await;
    let (_, second) = renew(sessions, first, SECOND).await;
    let (_, third) = renew(sessions, second, SECOND * 2).await;
    ends(sessions, &session, first, third, SECOND * 3).await;
}

pub async fn a_token_spent_long_ago_ends_the_session(sessions: &Arc<dyn Sessions>) {
    let (session, first) = open(sessions, fresh()).await;
    let (mut last, mut after) = (first, SECOND);
    for _ in 0..12 {
        last = renew(sessions, last, after).await.1;
        after += GRACE;
    }
    ends(sessions, &session, first, last, after).await;
}

/// Presents a spent token and finds that this ended its session, and no other.
async fn ends(
    sessions: &Arc<dyn Sessions>,
    session: &Session,
    spent: TokenDigest,
    good: TokenDigest,
    after: Duration,
) {
    let (neighbour, other) = open(sessions, session.user).await;
    assert!(lives(sessions, session, good, after).await);
    match rotate(sessions, spent, token(), after).await {
        Rotated::Reused(told) => {
            assert_eq!((told.id, told.user), (session.id, session.user));
        }
        other => panic!("{other:?}"),
    }

    assert!(!lives(sessions, session, good, after).await);
    for token in [good, spent] {
        let rotated = rotate(sessions, token, super::scene::token(), after).await;
        assert_eq!(rotated, Rotated::Revoked);
    }
    let ended = sessions.end(session.id, session.user, super::scene::start() + after);
    assert!(!ended.await.unwrap());
    assert!(lives(sessions, &neighbour, other, after).await);
}
