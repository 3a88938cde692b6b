//! What a summary is made of, and how often.

use futures::future::join_all;

use super::super::Since;
use super::scene::{STRETCH, Scene, after, all, ask, cited, ear, missed, read};
use crate::testing::body;

#[tokio::test]
async fn each_message_is_read_once_and_then_only_what_is_new() {
    let scene = Scene::new().await;
    let room = scene.talk(95).await;
    let (view, questions) = scene.everything(room).await;
    assert_eq!(read(&questions), (1..=95).collect::<Vec<_>>());
    assert_eq!(
        (view.messages, view.cached, view.degraded),
        (95, false, false)
    );
    assert_eq!(view.participants.len(), 1);
    assert_eq!(view.model, "scripted");
    // Nine stretches, two nodes of four each, and the whole from these two, the ninth stretch and the
    // tail.
    assert_eq!(questions.len(), 9 + 2 + 1);
    assert_eq!(questions.last().unwrap().parts, 3);

    let (again, questions) = scene.everything(room).await;
    assert!(again.cached && questions.is_empty());
    assert_eq!((again.bullets, again.at), (view.bullets, view.at));

    scene.say(room, 96, 98).await;
    let (_, questions) = scene.everything(room).await;
    assert_eq!(questions.len(), 1);
    assert_eq!(questions[0].lines, (91..=98).collect::<Vec<_>>());
    assert_eq!(questions[0].parts, 3);
}

#[tokio::test]
async fn a_stretch_is_made_once_for_everybody_on_all_nodes() {
    let scene = Scene::new().await;
    let room = scene.talk(48).await;
    let mut people = Vec::new();
    for number in 0..100 {
        let person = scene.stage.world.user(&format!("late{number}")).await;
        scene.stage.world.join(room, &person).await;
        people.push(person);
    }
    let nodes = [scene.node(), scene.node(), scene.node()];
    let asking = people.iter().zip(nodes.iter().cycle());
    let told = asking.map(|(who, node)| missed(node, who, room, Since::Read));
    for view in join_all(told).await {
        let view = view.unwrap();
        assert_eq!((view.messages, view.degraded), (48, false));
    }
    let questions = scene.model.questions();
    assert_eq!(read(&questions), (1..=48).collect::<Vec<_>>());
    assert_eq!(questions.len(), 4 + 1 + 1, "{questions:?}");
}

#[tokio::test]
async fn who_is_mentioned_has_a_summary_of_their_own() {
    let scene = Scene::new().await;
    let room = scene.talk(12).await;
    let world = &scene.stage.world;
    world.join(room, &scene.stage.admin).await;
    world
        .post(room, &scene.stage.owner, "could @Member. look?")
        .await;
    for who in [&scene.stage.member, &scene.stage.admin, &scene.stage.owner] {
        scene.missed(who, room, after(0)).await.unwrap();
    }
    let readers: Vec<_> = scene
        .model
        .questions()
        .into_iter()
        .map(|q| q.reader)
        .collect();
    // The stretch, the member's own summary, and one for everyone else.
    assert_eq!(readers, [None, Some("member".to_owned()), None]);
}

#[tokio::test]
async fn what_begins_within_a_stretch_takes_nothing_of_it_before() {
    let scene = Scene::new().await;
    let room = scene.talk(44).await;
    scene.everything(room).await;
    let view = scene
        .missed(&scene.stage.member, room, after(13))
        .await
        .unwrap();
    assert!(cited(&view).iter().all(|place| *place > 13), "{view:?}");
    let questions = scene.model.questions();
    assert_eq!(questions[0].lines, (14..=20).collect::<Vec<_>>());
    assert_eq!(questions[1].lines, (41..=44).collect::<Vec<_>>());
    assert_eq!(questions.len(), 2);
}

#[tokio::test]
async fn what_lies_too_far_back_is_not_told() {
    let scene = Scene::with(|rules| rules.reach = 3 * STRETCH).await;
    let room = scene.talk(95).await;
    let (view, questions) = scene.everything(room).await;
    assert_eq!(view.from.get(), 71);
    assert_eq!(read(&questions), (71..=95).collect::<Vec<_>>());
}

#[tokio::test]
async fn pieces_come_as_they_are_made() {
    let scene = Scene::new().await;
    let room = scene.talk(5).await;
    let opened = scene
        .summarise
        .open(&scene.stage.member, room, ask(Since::Read))
        .await;
    let (ear, heard) = ear();
    let told = scene.summarise.tell(opened.unwrap(), Some(ear)).await;
    assert_eq!(all(heard).await, "told ");
    assert_eq!(told.unwrap().summary, "told 0 parts and 5 lines");
}

#[tokio::test]
async fn what_says_nothing_is_told_by_nobody() {
    let scene = Scene::new().await;
    let room = scene.stage.world.room(&scene.stage.owner).await.id;
    for _ in 0..15 {
        scene.stage.tombstone(room, &scene.stage.owner).await;
    }
    let view = scene
        .missed(&scene.stage.owner, room, after(0))
        .await
        .unwrap();
    assert_eq!((view.messages, view.summary.as_str()), (0, ""));
    assert_eq!(scene.model.questions(), []);
    let said = body("at last");
    scene
        .stage
        .world
        .post(room, &scene.stage.owner, said.as_str())
        .await;
    let view = scene
        .missed(&scene.stage.owner, room, after(0))
        .await
        .unwrap();
    assert_eq!((view.messages, cited(&view)), (1, vec![16]));
}
