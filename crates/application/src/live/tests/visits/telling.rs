//! Arrivals and departures are announced.

use std::sync::Arc;
use std::time::Duration;

use domain::RoomId;
use domain::port::IdsExt as _;
use domain::port::bus::{AccessChange, Heard, Notice, Removal};

use super::scene::{Said, Scene, ended};

#[tokio::test]
async fn the_first_connection_in_and_the_last_one_out_are_told_over_all_nodes() {
    let mut scene = Scene::new().await;
    let phone = scene.enter(&scene.here).await;
    assert_eq!(scene.told(), [Said::In]);
    let tab = scene.enter(&scene.here).await;
    let laptop = scene.enter(&scene.there).await;
    assert_eq!(scene.told(), []);

    scene.leave(&scene.here, phone).await;
    scene.leave(&scene.here, tab).await;
    assert_eq!(scene.swept().await, []);
    scene.leave(&scene.there, laptop).await;
    assert_eq!(scene.told(), [Said::Out]);
    assert!(!scene.is_held().await);
    assert_eq!(scene.swept().await, []);
}

#[tokio::test]
async fn the_same_connection_again_tells_nothing_and_leaves_once() {
    let mut scene = Scene::new().await;
    let phone = scene.enter(&scene.here).await;
    for _ in 0..2 {
        let visits = &scene.here.visits;
        visits.enter(&scene.ana, scene.room, phone).await;
    }
    assert_eq!(scene.told(), [Said::In]);
    // Neither another user's leaving nor that of another connection is hers.
    let (ben, other) = (scene.world.user("ben").await, scene.world.ports.ids.next());
    let visits = &scene.here.visits;
    visits.leave(ben.user, scene.room, phone).await;
    visits.leave_all(ben.user, phone).await;
    scene.leave(&scene.here, other).await;
    scene.leave(&scene.there, phone).await;
    assert_eq!(scene.told(), []);
    for _ in 0..2 {
        scene.leave(&scene.here, phone).await;
    }
    assert_eq!(scene.told(), [Said::Out]);
}

#[tokio::test]
async fn who_comes_back_at_once_is_told_in_that_order() {
    let mut scene = Scene::new().await;
    let phone = scene.enter(&scene.here).await;
    for _ in 0..3 {
        scene.leave(&scene.here, phone).await;
        let visits = &scene.here.visits;
        visits.enter(&scene.ana, scene.room, phone).await;
    }
    assert_eq!(
        scene.told(),
        [
            Said::In,
            Said::Out,
            Said::In,
            Said::Out,
            Said::In,
            Said::Out,
            Said::In
        ]
    );
    assert_eq!(scene.swept().await, []);
    assert!(scene.is_held().await);
}

#[tokio::test]
async fn a_connection_that_closes_leaves_all_its_rooms() {
    let mut scene = Scene::new().await;
    let phone = scene.enter(&scene.here).await;
    let laptop = scene.enter(&scene.here).await;
    let mut others = Vec::new();
    for _ in 0..30 {
        let room = scene.world.room(&scene.ana).await.id;
        scene.here.visits.enter(&scene.ana, room, phone).await;
        others.push(room);
    }
    let arrivals = scene.ear.heard();
    assert_eq!(arrivals.len(), 31);

    let user = scene.ana.user;
    scene.here.visits.leave_all(user, phone).await;
    let heard = scene.ear.heard().into_iter();
    let mut told: Vec<RoomId> = heard.map(|notice| ended(&notice).0).collect();
    told.sort_unstable();
    others.sort_unstable();
    assert_eq!(told, others);
    scene.here.visits.leave_all(user, phone).await;
    assert_eq!(scene.told(), []);
    scene.here.visits.leave_all(user, laptop).await;
    assert_eq!(scene.told(), [Said::Out]);
}

#[tokio::test]
async fn a_node_that_closes_says_so_at_once() {
    let mut scene = Scene::new().await;
    scene.enter(&scene.here).await;
    scene.enter(&scene.here).await;
    assert_eq!(scene.told(), [Said::In]);
    scene.here.attendance.close().await;
    assert_eq!(scene.told(), [Said::Out]);
    scene.here.attendance.renew().await;
    assert!(!scene.is_held().await);
    assert_eq!(scene.swept().await, []);
}

#[tokio::test]
async fn rooms_of_many_are_told_of_nobody() {
    let mut scene = Scene::new().await;
    for number in 0..499 {
        let name = format!("one{number}");
        let one = scene.world.user_of_crowd(&name).await;
        scene.world.join(scene.room, &one).await;
    }
    let phone = scene.enter(&scene.here).await;
    assert_eq!(scene.told(), [Said::In]);
    scene.leave(&scene.here, phone).await;
    assert_eq!(scene.told(), [Said::Out]);

    // A stale size does no harm for a moment.
    let last = scene.world.user_of_crowd("last").await;
    scene.world.join(scene.room, &last).await;
    let phone = scene.enter(&scene.here).await;
    assert_eq!(scene.told(), [Said::In]);
    scene.leave(&scene.here, phone).await;
    assert_eq!(scene.told(), [Said::Out]);

    scene.world.pass(Duration::from_mins(1));
    let phone = scene.enter(&scene.here).await;
    assert!(!scene.is_held().await);
    scene.leave(&scene.here, phone).await;
    assert_eq!(scene.swept().await, []);
}

#[tokio::test]
async fn who_belongs_to_a_room_no_more_has_left_it_by_all_connections() {
    let mut scene = Scene::new().await;
    let phone = scene.enter(&scene.here).await;
    scene.enter(&scene.here).await;
    scene.enter(&scene.there).await;
    assert_eq!(scene.told(), [Said::In]);
    let (room, user) = (scene.room, scene.ana.user);
    for change in [
        AccessChange::Changed,
        AccessChange::Removed(Removal::Kicked),
    ] {
        assert!(scene.is_held().await);
        assert_eq!(scene.swept().await, []);
        let removed = Arc::new(Notice::AccessChanged { room, user, change });
        for node in [&scene.here, &scene.there] {
            node.hear(&Heard::Notice(Arc::clone(&removed)));
        }
    }
    assert_eq!(scene.swept().await, [Said::Out]);
    assert!(!scene.is_held().await);
    scene.leave(&scene.here, phone).await;
    scene.here.attendance.renew().await;
    assert_eq!(scene.swept().await, []);
    // She comes back by a connection that is open still.
    scene.here.visits.enter(&scene.ana, room, phone).await;
    assert_eq!(scene.told(), [Said::In]);
}
