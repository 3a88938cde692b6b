//! Rate limits and budgets.

use std::time::Duration;

use domain::port::limiter::Limit;

use super::super::Since;
use super::scene::{Scene, after, read};
use crate::Error;

const TWO: Limit = Limit {
    points: 2,
    per: Duration::from_mins(10),
};

fn limited<T: std::fmt::Debug>(answer: Result<T, Error>) -> &'static str {
    match answer {
        Err(Error::Limited(quota)) => quota.name,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_person_asks_so_often() {
    let scene = Scene::with(|rules| rules.of_person = TWO).await;
    let room = scene.talk(3).await;
    let other = scene.talk(3).await;
    let member = &scene.stage.member;
    for of in [room, other] {
        assert!(scene.missed(member, of, Since::Read).await.is_ok());
    }
    assert_eq!(
        limited(scene.missed(member, room, Since::Read).await),
        "summary"
    );
    assert!(
        scene
            .missed(&scene.stage.owner, room, after(0))
            .await
            .is_ok()
    );
    scene.stage.world.pass(Duration::from_mins(5));
    assert!(scene.missed(member, room, Since::Read).await.is_ok());
}

#[tokio::test]
async fn a_room_is_asked_about_so_often() {
    let scene = Scene::with(|rules| {
        rules.of_room = TWO;
        rules.of_person = TWO;
    })
    .await;
    let (room, other) = (scene.talk(3).await, scene.talk(3).await);
    let (member, owner) = (&scene.stage.member, &scene.stage.owner);
    assert!(scene.missed(member, room, Since::Read).await.is_ok());
    assert!(scene.missed(owner, room, after(0)).await.is_ok());
    let answer = scene.missed(owner, room, after(0)).await;
    assert_eq!(limited(answer), "room-summary");
    // That cost no point of their own.
    assert!(scene.missed(owner, other, after(0)).await.is_ok());
    // An empty summary costs nothing, in this room as in another.
    assert!(scene.missed(member, room, after(3)).await.is_ok());
}

#[tokio::test]
async fn a_days_budget_is_shared_and_is_back_the_next_day() {
    let scene = Scene::with(|rules| rules.daily_tokens = 2_000).await;
    let room = scene.talk(8).await;
    let (view, questions) = scene.everything(room).await;
    assert!(!view.degraded);
    let spent = questions[0].tokens + 10;
    let day = domain::port::budget::Day::of(scene.stage.world.now());
    let taken = scene.stage.world.ports.budget.taken(day).await.unwrap();
    assert_eq!(taken, spent);

    // What the next one might cost is more than is left.
    assert!(
        scene
            .stage
            .world
            .ports
            .budget
            .set_aside(day, 1_000, 2_000)
            .await
            .unwrap()
    );
    scene.say(room, 9, 9).await;
    let (view, questions) = scene.everything(room).await;
    assert!(view.degraded && questions.is_empty());
    let (view, _) = scene.everything(room).await;
    assert!(view.degraded);

    scene.stage.world.pass(Duration::from_hours(24));
    let (view, questions) = scene.everything(room).await;
    assert!(!view.degraded);
    assert_eq!(read(&questions), (1..=9).collect::<Vec<_>>());
}
