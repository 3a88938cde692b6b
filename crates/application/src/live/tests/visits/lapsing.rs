//! Nodes that die, and what is announced about the users on them.

use std::sync::Arc;
use std::time::Duration;

use domain::ConnectionId;
use domain::port::IdsExt as _;
use domain::port::bus::{Heard, Notice};

use super::super::super::RENEW_EVERY;
use super::scene::{Said, Scene, ended};
use crate::{Caller, UseCases};

/// Longer than a node's leases last without renewal.
const DEAD: Duration = Duration::from_secs(46);

#[tokio::test]
async fn visits_last_as_long_as_their_node_says_so_and_their_end_is_told_once() {
    let mut scene = Scene::new().await;
    scene.enter(&scene.here).await;
    let laptop = scene.enter(&scene.there).await;
    assert_eq!(scene.told(), [Said::In]);
    for _ in 0..10 {
        scene.world.pass(RENEW_EVERY);
        scene.here.attendance.renew().await;
        scene.there.attendance.renew().await;
        assert_eq!(scene.swept().await, []);
    }
    // From now on one node is dead, and she is here by the other.
    scene.world.pass(RENEW_EVERY);
    for _ in 0..10 {
        scene.world.pass(RENEW_EVERY);
        scene.there.attendance.renew().await;
        scene.there.attendance.sweep().await;
    }
    assert_eq!(scene.told(), []);
    scene.leave(&scene.there, laptop).await;
    assert_eq!(scene.told(), [Said::Out]);
}

#[tokio::test]
async fn those_of_a_dead_node_have_left_within_a_minute() {
    let mut scene = Scene::new().await;
    scene.enter(&scene.here).await;
    assert_eq!(scene.told(), [Said::In]);
    scene.world.pass(Duration::from_secs(44));
    scene.there.attendance.sweep().await;
    assert_eq!(scene.told(), []);
    // A client that reconnects before that was there all the time.
    let laptop = scene.enter(&scene.there).await;
    scene.world.pass(Duration::from_secs(2));
    scene.there.attendance.sweep().await;
    assert_eq!(scene.told(), []);
    scene.there.attendance.renew().await;
    scene.world.pass(DEAD);
    // No node is left to announce anything but one that starts.
    let third = UseCases::new(&scene.world.ports, &scene.world.policy);
    third.attendance.sweep().await;
    let [Notice::Visit { on: false, .. }] = scene.ear.heard()[..] else {
        panic!("it was not told");
    };
    third.attendance.sweep().await;
    assert_eq!(scene.ear.heard(), []);
    scene.leave(&scene.there, laptop).await;
    assert_eq!(scene.told(), [], "it was told already");
}

#[tokio::test]
async fn a_node_that_hears_of_the_leaving_of_somebody_who_is_there_says_so() {
    let mut scene = Scene::new().await;
    scene.enter(&scene.here).await;
    assert_eq!(scene.told(), [Said::In]);
    // The node was frozen for so long that another one considered it dead.
    scene.world.pass(DEAD);
    scene.there.attendance.sweep().await;
    assert_eq!(scene.told(), [Said::Out]);
    assert!(!scene.is_held().await);
    assert_eq!(scene.swept().await, [Said::In]);
    assert!(scene.is_held().await);
    assert_eq!(scene.swept().await, []);
}

#[tokio::test]
async fn nothing_is_said_again_where_the_last_word_is_right() {
    let mut scene = Scene::new().await;
    let phone = scene.enter(&scene.here).await;
    scene.leave(&scene.here, phone).await;
    let tab = scene.enter(&scene.here).await;
    // All of it is heard at once, when she is there.
    assert_eq!(scene.told(), [Said::In, Said::Out, Said::In]);
    assert_eq!(scene.swept().await, []);

    // Overtaken: the notice that was sent first is heard last.
    let Caller { user, .. } = scene.ana;
    let room = scene.room;
    let late = Notice::Visit {
        room,
        user,
        on: false,
    };
    scene.here.hear(&Heard::Notice(Arc::new(late)));
    assert_eq!(scene.swept().await, [Said::In]);
    // Unless she has left by then.
    let late = Notice::Visit {
        room,
        user,
        on: false,
    };
    scene.here.hear(&Heard::Notice(Arc::new(late)));
    scene.leave(&scene.here, tab).await;
    assert_eq!(scene.swept().await, [Said::Out]);
}

#[tokio::test]
async fn a_crowd_that_is_gone_is_told_of_bit_by_bit() {
    let mut scene = Scene::new().await;
    let phone = scene.world.ports.ids.next();
    let mut crowd = Vec::new();
    for _ in 0..1_100 {
        let user = scene.world.ports.ids.next();
        let caller = Caller { user, ..scene.ana };
        let tab: ConnectionId = scene.world.ports.ids.next();
        scene.here.visits.enter(&caller, scene.room, tab).await;
        crowd.push(user);
        scene.ear.heard();
    }
    scene.here.visits.enter(&scene.ana, scene.room, phone).await;
    scene.ear.heard();
    scene.world.pass(DEAD);
    let laptop = scene.enter(&scene.there).await;
    assert_eq!(scene.told(), [Said::In], "her visit had lapsed");

    let mut told = Vec::new();
    for all in [1_000, 1_100, 1_100] {
        scene.there.attendance.sweep().await;
        while told.len() < all {
            // The task's cooperative budget runs out after about a hundred notices.
            tokio::task::yield_now().await;
            told.extend(scene.ear.heard().into_iter().map(|notice| ended(&notice).1));
        }
        assert_eq!(told.len(), all);
    }
    told.sort_unstable();
    crowd.sort_unstable();
    assert!(told == crowd);
    scene.leave(&scene.there, laptop).await;
    assert_eq!(scene.told(), [Said::Out]);
}
