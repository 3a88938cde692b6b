//! What is too long for the model.

use super::scene::{Scene, read};
use super::scripted::Mood;

#[tokio::test]
async fn a_stretch_that_is_too_long_is_shared_out() {
    let scene = Scene::new().await;
    let room = scene.talk(10).await;
    scene.model.is(Mood::Small(70));
    let (view, questions) = scene.everything(room).await;
    assert!(!view.degraded, "{view:?}");
    assert_eq!(view.messages, 10);
    assert_eq!(read(&questions), (1..=10).collect::<Vec<_>>());
    let most = questions.iter().map(|question| question.text.len()).max();
    assert!(most <= Some(70), "{most:?}");
}

#[tokio::test]
async fn the_longest_message_is_shared_out_too() {
    let scene = Scene::new().await;
    let room = scene.talk(1).await;
    let long = "word ".repeat(1_600);
    scene
        .stage
        .world
        .post(room, &scene.stage.owner, &long)
        .await;
    scene.model.is(Mood::Small(2_500));
    let (view, questions) = scene.everything(room).await;
    assert!(!view.degraded, "{view:?}");
    let told: usize = questions
        .iter()
        .filter(|q| q.parts == 0)
        .map(|q| q.text.len())
        .sum();
    assert!(told >= long.trim().len(), "{told}");
}

#[tokio::test]
async fn what_the_model_can_never_take_is_told_without_it() {
    let scene = Scene::new().await;
    let room = scene.talk(10).await;
    scene.model.is(Mood::Small(3));
    let (view, questions) = scene.everything(room).await;
    assert!(view.degraded && !view.bullets.is_empty());
    assert_eq!(questions, []);
}
