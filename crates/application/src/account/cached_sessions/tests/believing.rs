//! How long an answer is cached.

use std::time::Duration;

use domain::port::bus::Heard;
use domain::port::{IdsExt as _, Sessions as _};
use futures::FutureExt as _;

use super::scene::{AGE, Scene};

#[tokio::test]
async fn an_answer_is_believed_for_a_while() {
    let scene = Scene::set();
    let ana = scene.world.user("ana").await;
    assert_eq!(scene.lives_asked(ana.session).await, (true, true));
    scene.end_elsewhere(&ana).await;
    scene
        .world
        .pass(AGE.saturating_sub(Duration::from_millis(1)));
    assert_eq!(scene.lives_asked(ana.session).await, (true, false));
    scene.world.pass(Duration::from_millis(1));
    assert_eq!(scene.lives_asked(ana.session).await, (false, true));
}

#[tokio::test]
async fn a_clock_that_is_set_back_prolongs_no_belief() {
    let scene = Scene::set();
    let ana = scene.world.user("ana").await;
    assert_eq!(scene.lives_asked(ana.session).await, (true, true));
    scene.end_elsewhere(&ana).await;
    scene.world.set_back(AGE * 100);
    assert_eq!(scene.lives_asked(ana.session).await, (false, true));
}

#[tokio::test]
async fn one_that_was_opened_here_is_known() {
    let scene = Scene::set();
    let ana = scene.world.user("ana").await;
    let mut sessions = scene
        .world
        .ports
        .sessions
        .of_user(ana.user, scene.world.now());
    let mut session = sessions.as_mut().await.unwrap().remove(0);
    session.id = scene.world.ports.ids.next();
    let tokens = &scene.world.ports.access_tokens;
    let token = tokens.digest(&tokens.new_refresh());
    scene.cached.open(&session, token).await.unwrap();
    assert_eq!(scene.lives_asked(session.id).await, (true, false));
}

#[tokio::test]
async fn after_a_gap_everything_is_asked_anew() {
    let scene = Scene::set();
    let ana = scene.world.user("ana").await;
    assert!(scene.lives(ana.session).await);
    scene.end_elsewhere(&ana).await;
    scene.cached.hear(&Heard::Gap);
    assert_eq!(scene.lives_asked(ana.session).await, (false, true));
}

#[tokio::test]
async fn what_was_asked_before_a_gap_is_asked_again_after_it() {
    let scene = Scene::set();
    let ana = scene.world.user("ana").await;
    scene.stage.close_gate().await;
    let mut asking = Box::pin(scene.lives(ana.session));
    assert!((&mut asking).now_or_never().is_none());
    scene.end_elsewhere(&ana).await;
    scene.cached.hear(&Heard::Gap);
    scene.stage.open_gate();
    asking.await;
    assert_eq!(scene.lives_asked(ana.session).await, (false, true));
}

#[tokio::test]
async fn many_are_asked_about_in_one_go() {
    let scene = Scene::set();
    let ana = scene.world.user("ana").await;
    let mut ids = vec![ana.session];
    for _ in 0..3 {
        ids.push(scene.world.sign_in(ana.user).await.session);
    }
    assert!(scene.lives(ids[0]).await);
    scene.tell_ended(ids[1]);
    scene.stage.asked();
    let mut live = scene.cached.live(&ids, scene.world.now()).await.unwrap();
    live.sort_unstable();
    assert_eq!(live, [ids[0], ids[2], ids[3]]);
    assert_eq!(scene.stage.asked(), [vec![ids[2], ids[3]]]);
    assert_eq!(scene.cached.live(&[], scene.world.now()).await.unwrap(), []);
}
