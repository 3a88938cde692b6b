//! Shutting down.

use domain::Retry;
use domain::port::Messages as _;
use futures::FutureExt as _;
use futures::future::join_all;

use super::scene::{ONE_LANE, Scene};

#[tokio::test]
async fn closing_commits_what_was_taken_and_takes_nothing_more() {
    let scene = Scene::set(ONE_LANE).await;
    let answers = vec![scene.occupy().await, scene.say("a"), scene.say("b")];
    let mut closing = Box::pin(scene.group.close());
    assert!((&mut closing).now_or_never().is_none());
    tokio::task::yield_now().await;

    for batch in [
        vec![scene.message("late")],
        vec![scene.message("late"), scene.message("too")],
    ] {
        let refused = scene.group.append(&batch);
        scene.stage.open_gate();
        assert_eq!(refused.await.unwrap_err().retry, Retry::Worthwhile);
    }
    closing.await;
    assert!(join_all(answers).await.iter().all(Result::is_ok));
    assert_eq!(scene.stored().await, ["first", "a", "b"]);
    scene.group.close().await;
}

#[tokio::test]
async fn closing_waits_for_what_is_handed_in_together() {
    let scene = Scene::set(ONE_LANE).await;
    let batch = [scene.message("a"), scene.message("b")];
    let mut together = scene.group.append(&batch);
    assert!((&mut together).now_or_never().is_none());
    let mut closing = Box::pin(scene.group.close());
    assert!((&mut closing).now_or_never().is_none());
    scene.stage.open_gate();
    assert!(together.await.is_ok());
    closing.await;
}

#[tokio::test]
async fn its_tasks_end_with_it() {
    let scene = Scene::set(ONE_LANE).await;
    drop(scene.group);
    scene.tasks.close();
    scene.tasks.wait().await;
}
