//! Who shares a commit, and in which order.

use std::sync::Arc;

use domain::port::Messages as _;
use domain::{MessageBody, Room};
use futures::future::join_all;

use super::super::GroupCommitOptions;
use super::scene::{ONE_LANE, Scene, stored};

#[tokio::test]
async fn what_waits_behind_a_commit_shares_the_next() {
    let scene = Scene::set(ONE_LANE).await;
    let mut answers = vec![scene.occupy().await];
    answers.extend((0..9).map(|n| scene.say(&format!("more {n}"))));
    scene.stage.open_gate();

    let answers = join_all(answers).await;
    assert_eq!(scene.stage.commits(), [1, 9]);
    assert!(
        answers
            .into_iter()
            .map(stored)
            .map(|m| m.seq.get())
            .eq(1..=10)
    );
}

#[tokio::test]
async fn a_commit_takes_so_many_at_most() {
    let scene = Scene::set(GroupCommitOptions {
        batch: 4,
        ..ONE_LANE
    })
    .await;
    let mut answers = vec![scene.occupy().await];
    answers.extend((0..9).map(|_| scene.say("more")));
    scene.stage.open_gate();

    join_all(answers).await;
    assert_eq!(scene.stage.commits(), [1, 4, 4, 1]);
}

#[tokio::test]
async fn a_room_keeps_the_order_of_handing_in() {
    let scene = Scene::set(GroupCommitOptions {
        lanes: 4,
        batch: 3,
        ..ONE_LANE
    })
    .await;
    let texts: Vec<String> = (0..20).map(|n| format!("{n}")).collect();
    let answers: Vec<_> = texts.iter().map(|text| scene.say(text)).collect();
    scene.stage.open_gate();

    join_all(answers).await;
    assert_eq!(scene.stored().await, texts);
}

#[tokio::test]
async fn a_blocked_lane_holds_up_no_other() {
    let scene = Scene::set(GroupCommitOptions {
        lanes: 2,
        ..ONE_LANE
    })
    .await;
    let lane = |room: &Room| room.id.as_uuid().as_u128() % 2;
    let mut other = scene.world.room(&scene.ana).await;
    while lane(&other) == lane(&scene.room) {
        other = scene.world.room(&scene.ana).await;
    }
    let first = scene.occupy().await;
    let elsewhere = scene.hand_in(scene.world.message(other.id, &scene.ana, "hi"));
    scene.stage.has_begun(2).await;
    assert!(scene.stage.commits().is_empty());

    scene.stage.open_gate();
    assert_eq!(stored(first.await).seq.get(), 1);
    assert_eq!(stored(elsewhere.await).seq.get(), 1);
}

#[tokio::test]
async fn what_is_handed_in_together_is_one_step() {
    let scene = Scene::set(ONE_LANE).await;
    scene.stage.open_gate();
    let other = scene.world.room(&scene.ana).await;
    let batch = [
        scene.message("a"),
        scene.world.message(other.id, &scene.ana, "b"),
        scene.message("c"),
    ];
    let answers = scene.group.append(&batch).await.unwrap();
    assert_eq!(scene.stage.commits(), [3]);
    let texts: Vec<_> = answers
        .into_iter()
        .map(|answer| stored(Ok(vec![answer])).body.unwrap())
        .collect();
    assert!(texts.iter().map(MessageBody::as_str).eq(["a", "b", "c"]));
    assert_eq!(scene.group.append(&[]).await.unwrap(), []);
}

#[tokio::test]
async fn a_waiter_that_goes_away_does_no_harm() {
    let scene = Scene::set(ONE_LANE).await;
    let first = scene.occupy().await;
    let (gone, stays) = (scene.say("gone"), scene.say("stays"));
    drop(gone);
    drop(first);
    scene.stage.open_gate();

    assert!(stays.await.is_ok());
    assert_eq!(scene.stored().await, ["first", "gone", "stays"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_writers_leave_no_hole() {
    let scene = Arc::new(
        Scene::set(GroupCommitOptions {
            lanes: 2,
            lane_queue: 512,
            batch: 16,
        })
        .await,
    );
    scene.stage.open_gate();
    let writers = (0..200).map(|n| {
        let scene = Arc::clone(&scene);
        scene.tasks.clone().spawn(async move {
            let message = scene.message(&n.to_string());
            stored(scene.group.append(&[message]).await).seq.get()
        })
    });
    let mut seqs: Vec<i64> = join_all(writers.collect::<Vec<_>>())
        .await
        .into_iter()
        .map(Result::unwrap)
        .collect();
    seqs.sort_unstable();
    assert!(seqs.into_iter().eq(1..=200));
    assert_eq!(scene.stored().await.len(), 200);
}
