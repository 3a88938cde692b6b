//! Live sessions, and ended ones.

use std::sync::Arc;
use std::time::Duration;

use domain::port::Sessions;
use domain::port::sessions::Rotated;
use domain::{Session, SessionId, SessionOrigin, UserAgent};

use super::scene::{LIFE, from, lives, open, renew, rotate, session, start, token};
use crate::{fresh, unknown};

const MOMENT: Duration = Duration::from_millis(1);

pub async fn an_opened_session_is_live(sessions: &Arc<dyn Sessions>) {
    let origins = [
        from("203.0.113.7", "Señal/7.1 (teléfono)"),
        from("2001:db8::ff", &"x".repeat(256)),
        SessionOrigin {
            ip: None,
            user_agent: UserAgent::default(),
        },
    ];
    for origin in origins {
        let new = Session {
            origin,
            ..session(fresh())
        };
        let token = token();
        sessions.open(&new, token).await.unwrap();

        for now in [start(), start() + LIFE - MOMENT] {
            let found = sessions.find_by_token(token, now).await.unwrap();
            assert_eq!(found.as_ref(), Some(&new));
            assert_eq!(
                sessions.of_user(new.user, now).await.unwrap(),
                [new.clone()]
            );
            assert_eq!(sessions.live(&[new.id], now).await.unwrap(), [new.id]);
        }
        assert!(!lives(sessions, &new, token, LIFE + MOMENT).await);
    }
}

pub async fn an_expired_session_is_unknown(sessions: &Arc<dyn Sessions>) {
    let user = fresh();
    let (expired, first) = open(sessions, user).await;
    let (_, second) = renew(sessions, first, MOMENT).await;
    let late = LIFE + 2 * MOMENT;
    let now = start() + late;
    assert!(
        lives(sessions, &expired, second, LIFE).await,
        "it was renewed"
    );

    for token in [first, second] {
        assert!(!lives(sessions, &expired, token, late).await);
        let rotated = rotate(sessions, token, super::scene::token(), late).await;
        assert_eq!(rotated, Rotated::Unknown);
    }
    assert!(!sessions.end(expired.id, user, now).await.unwrap());
    assert_eq!(sessions.end_all(user, None, now).await.unwrap(), []);
}

pub async fn sessions_are_listed_newest_use_first(sessions: &Arc<dyn Sessions>) {
    let user = fresh();
    let (first, token) = open(sessions, user).await;
    let mut later = Vec::new();
    for minutes in [3, 1, 2] {
        let at = start() + Duration::from_mins(minutes);
        let new = Session {
            created_at: at,
            last_used_at: at,
            ..session(user)
        };
        sessions.open(&new, super::scene::token()).await.unwrap();
        later.push(new);
    }
    let ended = open(sessions, user).await.0;
    assert!(sessions.end(ended.id, user, start()).await.unwrap());
    let short = Session {
        expires_at: start() + MOMENT,
        ..session(user)
    };
    sessions.open(&short, super::scene::token()).await.unwrap();
    open(sessions, fresh()).await;
    let [third, one, two] = later.try_into().unwrap();

    let now = start() + Duration::from_mins(5);
    let listed = sessions.of_user(user, now).await.unwrap();
    assert_eq!(listed, [third.clone(), two.clone(), one.clone(), first]);
    let (renewed, _) = renew(sessions, token, Duration::from_mins(4)).await;
    let listed = sessions.of_user(user, now).await.unwrap();
    assert_eq!(listed, [renewed, third, two, one]);
    assert_eq!(sessions.of_user(fresh(), now).await.unwrap(), []);
}

pub async fn live_tells_ended_from_live(sessions: &Arc<dyn Sessions>) {
    let (live, _) = open(sessions, fresh()).await;
    let (other, _) = open(sessions, fresh()).await;
    let (ended, void) = open(sessions, fresh()).await;
    assert!(sessions.end(ended.id, ended.user, start()).await.unwrap());
    let short = Session {
        expires_at: start() + MOMENT,
        ..session(fresh())
    };
    sessions.open(&short, token()).await.unwrap();

    let mut asked = vec![ended.id, other.id, short.id];
    asked.extend(unknown::<SessionId>());
    asked.push(live.id);
    let mut told = sessions.live(&asked, start() + 2 * MOMENT).await.unwrap();
    told.sort_unstable();
    let mut expected = [live.id, other.id];
    expected.sort_unstable();
    assert_eq!(told, expected);
    assert_eq!(sessions.live(&[], start()).await.unwrap(), []);
    assert!(!lives(sessions, &ended, void, MOMENT).await);
}
