//! Lanes that are full.

use std::sync::Arc;

use domain::Retry;
use domain::port::Messages as _;
use futures::FutureExt as _;
use futures::future::join_all;

use super::super::GroupCommitOptions;
use super::scene::{ONE_LANE, Scene, stored};

#[tokio::test]
async fn a_full_lane_refuses_at_once() {
    let scene = Scene::set(GroupCommitOptions {
        lane_queue: 2,
        ..ONE_LANE
    })
    .await;
    let mut answers = vec![scene.occupy().await, scene.say("a"), scene.say("b")];
    let refused = scene.group.append(&[scene.message("c")]).now_or_never();
    assert_eq!(refused.unwrap().unwrap_err().retry, Retry::Shortly);

    scene.stage.open_gate();
    assert!(join_all(answers.drain(..)).await.iter().all(Result::is_ok));
    assert!(scene.say("d").await.is_ok());
    assert_eq!(scene.stored().await, ["first", "a", "b", "d"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn in_a_storm_every_message_is_stored_or_refused() {
    let scene = Scene::set(GroupCommitOptions {
        lane_queue: 4,
        batch: 2,
        ..ONE_LANE
    })
    .await;
    let scene = Arc::new(scene);
    scene.stage.open_gate();
    let writers = (0..200).map(|n| {
        let scene = Arc::clone(&scene);
        scene.tasks.clone().spawn(async move {
            let message = scene.message(&n.to_string());
            scene.group.append(&[message]).await
        })
    });
    let mut acked = 0;
    for answer in join_all(writers.collect::<Vec<_>>()).await {
        match answer.unwrap() {
            Ok(answer) => {
                stored(Ok(answer));
                acked += 1;
            }
            Err(failure) => assert_eq!(failure.retry, Retry::Shortly),
        }
    }
    assert_eq!(scene.stored().await.len(), acked);
}
