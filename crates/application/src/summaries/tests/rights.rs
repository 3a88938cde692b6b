//! Who gets a summary, and of what.

use std::sync::Arc;

use domain::{Refusal, RoomId, Seq};
use uuid::Uuid;

use super::super::Since;
use super::scene::{Scene, after, all, ask, bounds, cited, ear, read};
use super::scripted::Mood;
use crate::testing::{refusal, seq};

#[tokio::test]
async fn members_are_told_and_others_hear_what_they_may_know() {
    let scene = Scene::new().await;
    let tell =
        async |who, spot: crate::testing::Spot| scene.missed(&who, spot.room, after(0)).await;
    assert_eq!(
        scene.stage.table(tell).await,
        [
            "forbidden banned ok ok ok ok",
            "unknown unknown ok ok ok ok",
            "unknown ok",
        ]
    );
    let nowhere = RoomId::from_uuid(Uuid::nil());
    let answer = scene.missed(&scene.stage.owner, nowhere, Since::Read).await;
    assert_eq!(refusal(answer), Refusal::NotFound);
}

#[tokio::test]
async fn nothing_new_is_nothing_told_and_asks_nobody() {
    let scene = Scene::new().await;
    let room = scene.talk(25).await;
    let owner = &scene.stage.owner;
    for since in [Since::Read, after(25), after(99)] {
        let view = scene.missed(owner, room, since).await.unwrap();
        assert_eq!((view.summary.as_str(), view.messages), ("", 0));
        assert!(view.bullets.is_empty() && view.participants.is_empty());
        assert_eq!(bounds(&view), (seq(26), seq(25)));
        assert!(!view.cached && !view.degraded);
    }
    let empty = scene.stage.world.room(owner).await.id;
    let view = scene.missed(owner, empty, Since::Join).await.unwrap();
    assert_eq!(bounds(&view), (seq(1), Seq::ZERO));
    assert_eq!(scene.model.questions(), []);
}

#[tokio::test]
async fn it_begins_where_it_was_asked_to() {
    let scene = Scene::new().await;
    let room = scene.talk(7).await;
    let world = &scene.stage.world;
    world.pass(std::time::Duration::from_secs(5));
    world.join(room, &scene.stage.admin).await;
    scene.say(room, 8, 12).await;
    let cursors = domain::Cursors {
        read: seq(10),
        delivered: seq(10),
    };
    world.advance(room, scene.stage.admin.user, cursors).await;

    for (since, from, read_by_model) in [
        (Since::Read, 11, vec![11, 12]),
        (Since::Join, 8, (8..=12).collect()),
        (after(3), 4, (4..=12).collect()),
        (after(11), 12, vec![12]),
    ] {
        let view = scene.missed(&scene.stage.admin, room, since).await.unwrap();
        assert_eq!(bounds(&view), (seq(from), seq(12)), "{since:?}");
        assert_eq!(view.messages, 13 - from);
        assert!(cited(&view).iter().all(|place| *place >= from));
        assert_eq!(read(&scene.model.questions()), read_by_model);
    }
    // The room's creator was there from the beginning.
    let view = scene
        .missed(&scene.stage.owner, room, Since::Join)
        .await
        .unwrap();
    assert_eq!(view.from, seq(1));
}

#[tokio::test]
async fn a_member_is_told_nothing_of_what_was_before_their_time() {
    let scene = Scene::new().await;
    let (room, ..) = scene.stage.joined_room().await;
    scene.say(room, 3, 45).await;
    // The owner can read everything, and it is cached already.
    let all = scene
        .missed(&scene.stage.owner, room, after(0))
        .await
        .unwrap();
    assert_eq!(all.from, seq(1));
    scene.model.questions();

    for since in [Since::Read, Since::Join, after(0)] {
        let view = scene
            .missed(&scene.stage.member, room, since)
            .await
            .unwrap();
        assert_eq!((view.from, view.messages), (seq(2), 44));
        assert!(cited(&view).iter().all(|place| *place >= 2), "{since:?}");
    }
    // The stretch that they can only read in part is summarised for them alone, from the messages that
    // they may read.
    let questions = scene.model.questions();
    assert_eq!(questions[0].lines, (2..=10).collect::<Vec<_>>());
    assert!(
        questions
            .iter()
            .all(|question| !question.text.contains("before the member"))
    );
    assert_eq!(questions.len(), 2, "{questions:?}");
}

#[tokio::test]
async fn who_has_lost_the_room_is_told_nothing_of_what_is_there() {
    let scene = Scene::new().await;
    let room = scene.talk(25).await;
    let member = &scene.stage.member;
    assert!(scene.missed(member, room, after(0)).await.is_ok());
    scene.stage.world.leave(room, member).await;
    let answer = scene.missed(member, room, after(0)).await;
    assert_eq!(refusal(answer), Refusal::Forbidden);
}

#[tokio::test(start_paused = true)]
async fn who_loses_the_room_meanwhile_is_told_nothing() {
    let scene = Arc::new(Scene::new().await);
    let room = scene.talk(25).await;
    let member = scene.stage.member;
    // While the model is slow with the stretches, and while it streams the whole.
    for ask_again in [false, true] {
        scene.stage.world.join(room, &member).await;
        if ask_again {
            scene.model.is(Mood::Well);
            scene.missed(&member, room, after(0)).await.unwrap();
            scene.say(room, 26, 26).await;
        }
        scene.model.is(Mood::Silent);
        let opened = scene
            .summarise
            .open(&member, room, ask(after(0)))
            .await
            .unwrap();
        let (ear, heard) = ear();
        let asked = scene.model.asked.notified();
        let telling = scene.summarise.tell(opened, Some(ear));
        let kick = async {
            asked.await;
            scene.stage.world.leave(room, &member).await;
        };
        let (told, ()) = tokio::join!(telling, kick);
        assert_eq!(refusal(told), Refusal::Forbidden);
        assert_eq!(all(heard).await, "");
    }
}

#[tokio::test]
async fn rooms_share_nothing() {
    let scene = Scene::new().await;
    let world = &scene.stage.world;
    let secret = scene.stage.private;
    for _ in 0..20 {
        world
            .post(secret, &scene.stage.owner, "the code is 4711")
            .await;
    }
    scene
        .missed(&scene.stage.owner, secret, after(0))
        .await
        .unwrap();
    scene.model.questions();
    let room = scene.talk(25).await;
    let (view, questions) = scene.everything(room).await;
    assert!(!view.cached);
    assert_eq!(read(&questions), (1..=25).collect::<Vec<_>>());
    assert!(!format!("{view:?}").contains("4711"));
    let of_room = scene.cache.kept().await.into_iter().filter(|(key, _)| {
        matches!(key, domain::port::cache::CacheKey::Summary { room: of, .. } if *of == room)
    });
    for (key, value) in of_room {
        assert!(!String::from_utf8_lossy(&value).contains("4711"), "{key:?}");
    }
}
