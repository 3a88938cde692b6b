//! Commits that fail.

use domain::Retry;
use futures::future::join_all;

use super::scene::{ONE_LANE, Scene, stored};

#[tokio::test]
async fn a_failing_commit_answers_every_waiter() {
    let scene = Scene::set(ONE_LANE).await;
    let first = scene.occupy().await;
    let waiting = [scene.say("a"), scene.say("away"), scene.say("b")];
    scene.stage.open_gate();

    first.await.unwrap();
    for answer in join_all(waiting).await {
        let failure = answer.unwrap_err();
        assert_eq!(failure.retry, Retry::Worthwhile);
        assert_eq!(
            failure.chain().to_string(),
            "messages could not append: connection refused"
        );
    }
    assert_eq!(scene.stage.commits(), [1, 3]);
    assert_eq!(scene.stored().await, ["first"]);
}

#[tokio::test]
async fn the_innocent_are_stored_beside_the_poisoned() {
    let scene = Scene::set(ONE_LANE).await;
    let first = scene.occupy().await;
    let waiting = ["a", "poison", "b", "poison", "c"].map(|text| scene.say(text));
    scene.stage.open_gate();

    first.await.unwrap();
    let fates: Vec<_> = join_all(waiting)
        .await
        .into_iter()
        .map(|answer| answer.map(|_| ()).map_err(|failure| failure.retry))
        .collect();
    let poisoned = Err(Retry::Useless);
    assert_eq!(fates, [Ok(()), poisoned, Ok(()), poisoned, Ok(())]);
    assert_eq!(scene.stage.commits(), [1, 5, 1, 1, 1, 1, 1]);
    assert_eq!(scene.stored().await, ["first", "a", "b", "c"]);
}

#[tokio::test]
async fn one_that_fails_alone_is_not_tried_again() {
    let scene = Scene::set(ONE_LANE).await;
    scene.stage.open_gate();
    let failure = scene.say("poison").await.unwrap_err();
    assert_eq!(failure.retry, Retry::Useless);
    assert_eq!(scene.stage.commits(), [1]);
}

#[tokio::test]
async fn a_lane_outlives_a_panic_in_the_store() {
    let scene = Scene::set(ONE_LANE).await;
    let first = scene.occupy().await;
    let (innocent, bomb) = (scene.say("a"), scene.say("bomb"));
    scene.stage.open_gate();

    first.await.unwrap();
    assert!(innocent.await.is_ok());
    assert_eq!(bomb.await.unwrap_err().retry, Retry::Useless);
    assert_eq!(stored(scene.say("later").await).seq.get(), 3);
}

#[tokio::test]
async fn a_store_that_answers_too_little_is_not_asked_again() {
    let scene = Scene::set(ONE_LANE).await;
    let first = scene.occupy().await;
    let waiting = [scene.say("a"), scene.say("unanswered")];
    scene.stage.open_gate();

    first.await.unwrap();
    let [a, unanswered] = join_all(waiting).await.try_into().unwrap();
    assert!(a.is_ok());
    assert_eq!(unanswered.unwrap_err().retry, Retry::Useless);
    assert_eq!(scene.stage.commits(), [1, 2]);
}
