//! What a summary is when the model fails.

use std::pin::pin;
use std::time::Duration;

use domain::port::Cache as _;
use futures::future::join;

use super::super::Since;
use super::scene::{Scene, after, all, ask, ear, missed, read};
use super::scripted::Mood;
use crate::SummaryView;

const LOCAL: &str = "leading-sentences/1";

fn is_local(view: &SummaryView) -> bool {
    view.degraded && view.model == LOCAL && !view.bullets.is_empty()
}

#[tokio::test(start_paused = true)]
async fn a_model_that_fails_is_done_without() {
    for mood in [Mood::Away, Mood::Confused, Mood::Silent, Mood::Faltering] {
        let scene = Scene::new().await;
        let room = scene.talk(8).await;
        scene.model.is(mood);
        let (view, questions) = scene.everything(room).await;
        assert!(is_local(&view), "{mood:?}: {view:?}");
        assert_eq!(questions.len(), 1, "{mood:?}");

        // The fallback is not cached under the model's key.
        scene.model.is(Mood::Well);
        let (view, questions) = scene.everything(room).await;
        assert!(!view.degraded && !view.cached, "{mood:?}");
        assert_eq!(questions.len(), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn pieces_of_a_model_that_broke_off_are_followed_by_the_whole() {
    let scene = Scene::new().await;
    let room = scene.talk(8).await;
    scene.model.is(Mood::Faltering);
    let opened = scene
        .summarise
        .open(&scene.stage.member, room, ask(Since::Read))
        .await;
    let (ear, heard) = ear();
    let told = scene.summarise.tell(opened.unwrap(), Some(ear)).await;
    assert_eq!(all(heard).await, "told ");
    assert!(is_local(&told.unwrap()));
}

#[tokio::test(start_paused = true)]
async fn after_some_failures_the_model_is_left_alone_for_a_while() {
    let scene = Scene::new().await;
    let room = scene.talk(1).await;
    scene.model.is(Mood::Away);
    let mut asked = 0;
    for number in 2..12 {
        scene.say(room, number, number).await;
        let (view, questions) = scene.everything(room).await;
        assert!(is_local(&view));
        asked += questions.len();
    }
    assert_eq!(asked, 5);
    scene.stage.world.pass(Duration::from_secs(30));
    scene.model.is(Mood::Well);
    let (view, questions) = scene.everything(room).await;
    assert!(!view.degraded);
    assert_eq!(read(&questions), (1..=11).collect::<Vec<_>>());
}

#[tokio::test(start_paused = true)]
async fn what_is_not_told_in_time_is_told_without_the_model() {
    let scene = Scene::with(|rules| {
        rules.timeout = Duration::from_mins(10);
        rules.patience = Duration::from_secs(30);
    })
    .await;
    let room = scene.talk(25).await;
    scene.model.is(Mood::Silent);
    let begun = tokio::time::Instant::now();
    let (view, _) = scene.everything(room).await;
    assert!(is_local(&view));
    assert_eq!(begun.elapsed().as_secs(), 30);
}

#[tokio::test(start_paused = true)]
async fn a_node_that_dies_with_a_claim_holds_nobody_up() {
    let scene = Scene::with(|rules| rules.patience = Duration::from_mins(3)).await;
    let room = scene.talk(10).await;
    // A claim on every key that the other node's summary used, so that this node's first one is among
    // them.
    let (_, questions) = scene.everything(room).await;
    assert_eq!(questions.len(), 1, "the whole is that one stretch");
    for (key, _) in scene.cache.kept().await {
        scene.cache.remove(&key).await.unwrap();
        assert!(
            scene
                .cache
                .claim(&key, Duration::from_mins(1))
                .await
                .unwrap()
        );
    }
    let mut told = pin!(scene.missed(&scene.stage.member, room, after(0)));
    let early = tokio::time::timeout(Duration::from_secs(5), &mut told).await;
    assert!(early.is_err(), "the claim holds");
    assert_eq!(scene.model.questions(), []);
    scene.stage.world.pass(Duration::from_mins(1));
    let told = told.await;
    let view = told.unwrap();
    assert!(!view.degraded && !view.cached);
    assert_eq!(read(&scene.model.questions()), (1..=10).collect::<Vec<_>>());
}

#[tokio::test(start_paused = true)]
async fn a_claim_is_held_on_to_for_as_long_as_its_work_goes_on() {
    let scene = Scene::with(|rules| rules.patience = Duration::from_mins(3)).await;
    let room = scene.talk(10).await;
    scene.model.is(Mood::Silent);
    let other = scene.node();
    let here = scene.missed(&scene.stage.member, room, after(0));
    let there = missed(&other, &scene.stage.member, room, after(0));
    let mut both = pin!(join(here, there));
    // Longer than a claim lasts without being renewed, and shorter than the model's timeout.
    for _ in 0..15 {
        let told = tokio::time::timeout(Duration::from_secs(1), &mut both).await;
        assert!(told.is_err(), "the model is silent");
        scene.stage.world.pass(Duration::from_secs(1));
    }
    assert_eq!(scene.model.questions().len(), 1, "one of them asks");
}

#[tokio::test]
async fn without_a_model_everything_is_told_here() {
    let mut scene = Scene::new().await;
    scene.stage.world.ports.model = None;
    scene.summarise = scene.node();
    let room = scene.talk(48).await;
    let (view, questions) = scene.everything(room).await;
    assert_eq!(questions, []);
    assert_eq!(
        (view.model.as_str(), view.degraded, view.cached),
        (LOCAL, false, false)
    );
    assert_eq!(view.messages, 48);
    let (view, _) = scene.everything(room).await;
    assert!(view.cached);
}
