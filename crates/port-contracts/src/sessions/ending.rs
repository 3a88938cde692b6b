//! Signing out.

use std::sync::Arc;
use std::time::Duration;

use domain::port::Sessions;
use domain::{Session, SessionId};

use super::scene::{lives, open, session, start, token};
use crate::{CROWD, at_once, fresh};

const MOMENT: Duration = Duration::from_millis(1);

pub async fn ending_tells_whether_it_lived(sessions: &Arc<dyn Sessions>) {
    let user = fresh();
    let (one, token) = open(sessions, user).await;
    let (other, good) = open(sessions, user).await;
    assert!(sessions.end(one.id, user, start()).await.unwrap());
    assert!(!lives(sessions, &one, token, MOMENT).await);
    for id in [one.id, fresh()] {
        assert!(!sessions.end(id, user, start()).await.unwrap());
    }

    assert!(lives(sessions, &other, good, MOMENT).await);
    let told = at_once(CROWD, |_| {
        let (sessions, id) = (Arc::clone(sessions), other.id);
        async move { sessions.end(id, user, start()).await.unwrap() }
    })
    .await;
    assert_eq!(told.into_iter().filter(|lived| *lived).count(), 1);
}

pub async fn only_its_owner_ends_a_session(sessions: &Arc<dyn Sessions>) {
    let (theirs, token) = open(sessions, fresh()).await;
    let (mine, _) = open(sessions, fresh()).await;
    for stranger in [mine.user, fresh()] {
        let ended = sessions.end(theirs.id, stranger, start()).await.unwrap();
        assert!(!ended);
    }
    let ended = sessions.end_all(mine.user, None, start()).await.unwrap();
    assert_eq!(ended, [mine.id]);
    assert!(lives(sessions, &theirs, token, MOMENT).await);
}

pub async fn ending_all_spares_the_one(sessions: &Arc<dyn Sessions>) {
    let user = fresh();
    let (kept, good) = open(sessions, user).await;
    let (one, token_of_one) = open(sessions, user).await;
    let (two, token_of_two) = open(sessions, user).await;
    let (ended, _) = open(sessions, user).await;
    assert!(sessions.end(ended.id, user, start()).await.unwrap());
    let short = Session {
        expires_at: start() + MOMENT,
        ..session(user)
    };
    sessions.open(&short, token()).await.unwrap();
    let (stranger, foreign) = open(sessions, fresh()).await;

    let now = start() + 2 * MOMENT;
    let named = sessions.end_all(user, Some(kept.id), now).await.unwrap();
    assert_eq!(sorted(named), sorted(vec![one.id, two.id]));
    assert!(lives(sessions, &kept, good, 2 * MOMENT).await);
    assert!(!lives(sessions, &one, token_of_one, 2 * MOMENT).await);
    assert!(!lives(sessions, &two, token_of_two, 2 * MOMENT).await);
    assert!(lives(sessions, &stranger, foreign, 2 * MOMENT).await);

    // A spared session that is not theirs, or does not exist, spares none of theirs.
    let again = sessions.end_all(user, Some(kept.id), now).await.unwrap();
    assert_eq!(again, []);
    let named = sessions.end_all(user, Some(stranger.id), now).await;
    assert_eq!(named.unwrap(), [kept.id]);
    assert_eq!(sessions.end_all(user, None, now).await.unwrap(), []);
}

fn sorted(mut ids: Vec<SessionId>) -> Vec<SessionId> {
    ids.sort_unstable();
    ids
}
