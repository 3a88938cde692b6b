//! Exchanging a token for the next.

use std::sync::Arc;
use std::time::Duration;

use domain::Session;
use domain::port::Sessions;
use domain::port::sessions::Rotated;

use super::scene::{GRACE, LIFE, lives, open, renew, rotate, rotation, start, token};
use crate::{CROWD, at_once, fresh};

const SECOND: Duration = Duration::from_secs(1);

pub async fn rotation_replaces_the_token(sessions: &Arc<dyn Sessions>) {
    let (opened, first) = open(sessions, fresh()).await;
    let (bystander, other) = open(sessions, opened.user).await;
    let second = token();
    let exchange = rotation(first, second, SECOND);
    let renewed = Session {
        last_used_at: exchange.at,
        expires_at: exchange.expires_at,
        origin: exchange.origin.clone(),
        ..opened
    };
    let rotated = sessions.rotate(&exchange).await.unwrap();
    assert_eq!(rotated, Rotated::Renewed(renewed.clone()));

    // A spent token still identifies its owner, so that one can sign out with it.
    for token in [first, second] {
        let found = sessions.find_by_token(token, exchange.at).await.unwrap();
        assert_eq!(found.as_ref(), Some(&renewed));
    }
    assert!(lives(sessions, &renewed, second, LIFE).await);
    let (again, third) = renew(sessions, second, LIFE).await;
    assert_eq!(again.id, renewed.id);
    assert_eq!(again.created_at, start());
    assert!(lives(sessions, &again, third, LIFE + GRACE).await);

    // The other session was not renewed along with it.
    let found = sessions.find_by_token(other, start()).await.unwrap();
    assert_eq!(found, Some(bystander.clone()));
    assert!(!lives(sessions, &bystander, other, LIFE + SECOND).await);
}

pub async fn a_repeat_within_the_grace_gets_the_same_replacement(sessions: &Arc<dyn Sessions>) {
    let (_, first) = open(sessions, fresh()).await;
    let second = token();
    let renewed = match rotate(sessions, first, second, SECOND).await {
        Rotated::Renewed(session) => session,
        other => panic!("{other:?}"),
    };

    for after in [SECOND, SECOND * 2, GRACE] {
        let repeated = rotate(sessions, first, second, after).await;
        assert_eq!(repeated, Rotated::Repeated(renewed.clone()));
        let found = sessions.find_by_token(second, start() + after).await;
        assert_eq!(found.unwrap().as_ref(), Some(&renewed));
    }

    // A token that was returned again is as valid as the first time.
    let (again, _) = renew(sessions, second, GRACE + SECOND * 2).await;
    assert_eq!(again.id, renewed.id);
}

pub async fn concurrent_rotations_agree(sessions: &Arc<dyn Sessions>) {
    let (session, first) = open(sessions, fresh()).await;
    let (mut presented, mut after) = (first, SECOND);
    // Once more with the replacement: the crowd left everything consistent.
    for _ in 0..3 {
        let replacement = token();
        let rotated = at_once(CROWD, |_| {
            let sessions = Arc::clone(sessions);
            async move { rotate(&sessions, presented, replacement, after).await }
        })
        .await;

        let (renewed, repeated): (Vec<_>, Vec<_>) = rotated
            .into_iter()
            .partition(|rotated| matches!(rotated, Rotated::Renewed(_)));
        assert_eq!((renewed.len(), repeated.len()), (1, CROWD - 1));
        for rotated in repeated {
            match rotated {
                Rotated::Repeated(told) => assert_eq!(told.id, session.id),
                other => panic!("{other:?}"),
            }
        }
        assert!(lives(sessions, &session, replacement, after).await);
        presented = replacement;
        after += SECOND;
    }
}

pub async fn a_revoked_session_does_not_rotate(sessions: &Arc<dyn Sessions>) {
    let user = fresh();
    let (one, first) = open(sessions, user).await;
    let (_, second) = renew(sessions, first, SECOND).await;
    assert!(sessions.end(one.id, user, start() + SECOND).await.unwrap());
    let (_, other) = open(sessions, user).await;
    let ended = sessions.end_all(user, None, start() + SECOND).await;
    assert_eq!(ended.unwrap().len(), 1);

    for good in [second, other] {
        let replacement = token();
        for _ in 0..2 {
            let rotated = rotate(sessions, good, replacement, SECOND * 2).await;
            assert_eq!(rotated, Rotated::Revoked);
        }
        let rotated = rotate(sessions, replacement, token(), SECOND * 2).await;
        assert_eq!(rotated, Rotated::Unknown, "it was never handed out");
    }
    let rotated = rotate(sessions, first, token(), SECOND * 2).await;
    assert_eq!(rotated, Rotated::Revoked, "it ends but once");
}

pub async fn an_unknown_token_is_unknown(sessions: &Arc<dyn Sessions>) {
    let (session, first) = open(sessions, fresh()).await;
    let (unknown, replacement) = (token(), token());
    let rotated = rotate(sessions, unknown, replacement, SECOND).await;
    assert_eq!(rotated, Rotated::Unknown);
    for token in [unknown, replacement] {
        let found = sessions.find_by_token(token, start()).await.unwrap();
        assert_eq!(found, None);
    }
    assert!(lives(sessions, &session, first, SECOND).await);
}
