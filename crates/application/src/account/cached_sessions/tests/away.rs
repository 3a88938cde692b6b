//! An unavailable store.

use std::sync::Arc;

use domain::port::{Clock, IdsExt as _, Sessions as _};
use domain::{Retry, SessionId, SessionOrigin};

use super::super::CachedSessions;
use super::scene::{AGE, REST, Scene};
use super::stage::Stage;
use crate::Error;
use crate::account::{Authenticate, Credentials, LogIn, Refresh};
use crate::testing::PASSWORD;

#[tokio::test]
async fn while_the_store_is_away_the_last_answer_holds() {
    let scene = Scene::set();
    let (ana, ben) = (scene.world.user("ana").await, scene.world.user("ben").await);
    assert!(scene.lives(ana.session).await);
    scene.tell_ended(ben.session);
    scene.stage.set_away(true);
    scene.world.pass(AGE * 10);
    assert!(scene.lives(ana.session).await);
    assert!(!scene.lives(ben.session).await);
    let unseen: SessionId = scene.world.ports.ids.next();
    assert!(scene.lives(unseen).await);
    scene.tell_ended(ana.session);
    assert!(!scene.lives(ana.session).await);
}

#[tokio::test]
async fn a_store_that_failed_is_left_alone_for_a_moment() {
    let scene = Scene::set();
    let (ana, ben) = (scene.world.user("ana").await, scene.world.user("ben").await);
    scene.end_elsewhere(&ben).await;
    scene.stage.set_away(true);
    assert_eq!(scene.lives_asked(ana.session).await, (true, true));
    scene.stage.set_away(false);
    assert_eq!(scene.lives_asked(ben.session).await, (true, false));
    scene.world.pass(REST);
    assert_eq!(scene.lives_asked(ben.session).await, (false, true));
}

#[tokio::test]
async fn a_store_that_is_overloaded_is_not_away() {
    let scene = Scene::set();
    let ana = scene.world.user("ana").await;
    scene.end_elsewhere(&ana).await;
    scene.stage.set_overloaded(true);
    let answer = scene.cached.live(&[ana.session], scene.world.now()).await;
    assert_eq!(answer.unwrap_err().retry, Retry::Shortly);
    scene.stage.set_overloaded(false);
    assert_eq!(scene.lives_asked(ana.session).await, (false, true));
}

#[tokio::test]
async fn a_clock_that_is_set_back_prolongs_no_rest() {
    let scene = Scene::set();
    let ana = scene.world.user("ana").await;
    scene.stage.set_away(true);
    assert_eq!(scene.lives_asked(ana.session).await, (true, true));
    scene.world.set_back(AGE * 100);
    assert_eq!(scene.lives_asked(ana.session).await, (true, true));
    assert_eq!(scene.lives_asked(ana.session).await, (true, false));
    scene.world.pass(REST);
    assert_eq!(scene.lives_asked(ana.session).await, (true, true));
}

#[tokio::test]
async fn whatever_changes_sessions_needs_the_store() {
    let scene = Scene::set();
    let (ana, token) = scene.world.user_with_token("ana").await;
    assert!(scene.lives(ana.session).await);
    scene.stage.set_away(true);
    let now = scene.world.now();
    let (cached, user) = (&scene.cached, ana.user);
    let digest = scene.world.ports.access_tokens.digest(&token);
    assert!(cached.end(ana.session, user, now).await.is_err());
    assert!(cached.end_all(user, None, now).await.is_err());
    assert!(cached.of_user(user, now).await.is_err());
    assert!(cached.find_by_token(digest, now).await.is_err());
    assert!(scene.lives(ana.session).await);

    scene.stage.set_away(false);
    assert_eq!(cached.of_user(user, now).await.unwrap().len(), 1);
    let found = cached.find_by_token(digest, now).await.unwrap();
    assert_eq!(found.unwrap().id, ana.session);
}

#[tokio::test]
async fn signed_in_people_go_on_while_the_store_is_away() {
    let mut scene = Scene::set();
    let (ana, token) = scene.world.user_with_token("ana").await;
    let clock: Arc<dyn Clock> = Arc::clone(&scene.world.ports.clock);
    let cached = CachedSessions::new(Arc::<Stage>::clone(&scene.stage), clock);
    scene.world.ports.sessions = Arc::new(cached);
    let (ports, policy) = (&scene.world.ports, &scene.world.policy);
    let access = scene.world.token(&ana);
    scene.stage.set_away(true);

    let authenticate = Authenticate::new(ports);
    assert_eq!(authenticate.run(&access).await.unwrap(), ana);
    let credentials = Credentials {
        login: "ana".to_owned(),
        password: PASSWORD.to_owned(),
    };
    let origin = SessionOrigin::default();
    let log_in = LogIn::new(ports, policy);
    let answer = log_in.run(credentials, origin.clone()).await;
    assert!(matches!(answer, Err(Error::Failed(_))));
    let refresh = Refresh::new(ports, policy);
    let answer = refresh.run(token.clone(), origin.clone()).await;
    assert!(matches!(answer, Err(Error::Failed(_))));

    scene.stage.set_away(false);
    assert!(refresh.run(token, origin).await.is_ok());
}
