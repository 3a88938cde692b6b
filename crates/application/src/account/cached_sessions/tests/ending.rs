//! Sessions that end.

use domain::port::Sessions as _;
use domain::port::sessions::Rotated;
use futures::FutureExt as _;

use super::scene::{AGE, Scene};

#[tokio::test]
async fn one_that_has_ended_is_never_asked_about_again() {
    let scene = Scene::set();
    let ana = scene.world.user("ana").await;
    scene.end_elsewhere(&ana).await;
    assert_eq!(scene.lives_asked(ana.session).await, (false, true));
    scene.world.pass(AGE * 2);
    assert_eq!(scene.lives_asked(ana.session).await, (false, false));
}

#[tokio::test]
async fn an_end_that_is_heard_of_counts_at_once() {
    let scene = Scene::set();
    let ana = scene.world.user("ana").await;
    assert!(scene.lives(ana.session).await);
    scene.tell_ended(ana.session);
    assert_eq!(scene.lives_asked(ana.session).await, (false, false));
}

#[tokio::test]
async fn an_end_of_this_node_counts_at_once() {
    let scene = Scene::set();
    let phone = scene.world.user("ana").await;
    let laptop = scene.world.sign_in(phone.user).await;
    let desk = scene.world.sign_in(phone.user).await;
    for caller in [phone, laptop, desk] {
        assert!(scene.lives(caller.session).await);
    }
    let now = scene.world.now();
    let (cached, user) = (&scene.cached, phone.user);
    assert!(cached.end(phone.session, user, now).await.unwrap());
    assert!(!scene.lives(phone.session).await);
    let ended = cached.end_all(user, Some(desk.session), now).await;
    assert_eq!(ended.unwrap(), [laptop.session]);
    assert!(!scene.lives(laptop.session).await);
    assert!(scene.lives(desk.session).await);
}

#[tokio::test]
async fn ending_anothers_session_ends_nothing() {
    let scene = Scene::set();
    let (ana, ben) = (scene.world.user("ana").await, scene.world.user("ben").await);
    let now = scene.world.now();
    assert!(!scene.cached.end(ana.session, ben.user, now).await.unwrap());
    assert!(scene.lives(ana.session).await);
}

#[tokio::test]
async fn a_stolen_token_ends_its_session_here_at_once() {
    let scene = Scene::set();
    let (ana, token) = scene.world.user_with_token("ana").await;
    assert!(scene.lives(ana.session).await);
    assert!(matches!(scene.rotate(&token).await, Rotated::Renewed(_)));
    assert!(scene.lives(ana.session).await);
    scene.world.pass(scene.world.policy.refresh_grace * 2);
    assert!(scene.lives(ana.session).await);
    assert!(matches!(scene.rotate(&token).await, Rotated::Reused(_)));
    assert_eq!(scene.lives_asked(ana.session).await, (false, false));
}

#[tokio::test]
async fn what_ends_while_it_is_asked_about_has_ended() {
    let scene = Scene::set();
    let ana = scene.world.user("ana").await;
    scene.stage.close_gate().await;
    let mut asking = Box::pin(scene.lives(ana.session));
    assert!((&mut asking).now_or_never().is_none());
    scene.tell_ended(ana.session);
    scene.stage.open_gate();
    assert!(!asking.await);
    assert!(!scene.lives(ana.session).await);
}
