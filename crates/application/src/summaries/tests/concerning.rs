//! What mentions the reader, and was said long before the end.

use domain::RoomId;

use super::scene::{Scene, after, cited};
use super::scripted::Question;
use crate::testing::seq;

/// The owner says something to the member.
async fn says_to_member(scene: &Scene, room: RoomId, text: &str) -> domain::Message {
    let world = &scene.stage.world;
    let mut new = world.message(room, &scene.stage.owner, text);
    new.mentions = vec![scene.stage.member.user];
    world.append(new).await
}

/// Forty-four messages, of which the sixth is for the member.
async fn long_talk(scene: &Scene) -> RoomId {
    let room = scene.talk(5).await;
    says_to_member(scene, room, "could @member look?").await;
    scene.say(room, 7, 44).await;
    room
}

/// The request for the whole, which comes last.
fn last(questions: &[Question]) -> (&[i64], Option<&str>) {
    let last = questions.last().unwrap();
    (&last.lines, last.reader.as_deref())
}

#[tokio::test]
async fn what_mentions_the_reader_is_read_beside_what_was_told_and_comes_first() {
    let scene = Scene::new().await;
    let room = long_talk(&scene).await;
    let (view, questions) = scene.everything(room).await;
    assert_eq!(last(&questions), (&[6, 41, 42, 43, 44][..], Some("member")));
    assert_eq!(view.bullets[0].seqs, [seq(6)], "{view:?}");
    assert_eq!(view.bullets[0].text, "could @member look?");
    assert!(cited(&view).contains(&44));
    // What is read twice is counted once.
    assert_eq!(view.messages, 44);
    let (again, questions) = scene.everything(room).await;
    assert!(again.cached && questions.is_empty());
    assert_eq!(again.bullets, view.bullets);

    let owner = &scene.stage.owner;
    let view = scene.missed(owner, room, after(0)).await.unwrap();
    let questions = scene.model.questions();
    assert_eq!(last(&questions), (&[41, 42, 43, 44][..], None));
    assert!(!cited(&view).contains(&6), "{view:?}");
}

#[tokio::test]
async fn what_mentions_the_reader_and_was_said_before_the_span_is_not_read() {
    let scene = Scene::new().await;
    let room = long_talk(&scene).await;
    let member = &scene.stage.member;
    for (since, lines) in [(3, &[6, 41, 42, 43, 44][..]), (6, &[41, 42, 43, 44])] {
        scene.missed(member, room, after(since)).await.unwrap();
        assert_eq!(last(&scene.model.questions()).0, lines, "since {since}");
    }
}

#[tokio::test]
async fn what_mentions_the_reader_is_read_once_where_it_stands_at_the_end() {
    let scene = Scene::new().await;
    let room = scene.talk(25).await;
    says_to_member(&scene, room, "and @member?").await;
    let (view, questions) = scene.everything(room).await;
    assert_eq!(last(&questions).0, (21..=26).collect::<Vec<_>>());
    assert_eq!(view.bullets[0].seqs, [seq(26)], "{view:?}");
}

#[tokio::test]
async fn who_is_mentioned_all_the_time_is_read_the_last_of_it() {
    let scene = Scene::new().await;
    let room = scene.talk(1).await;
    for _ in 2..=30 {
        says_to_member(&scene, room, "@member, are you there?").await;
    }
    let (_, questions) = scene.everything(room).await;
    assert_eq!(last(&questions).0, (11..=30).collect::<Vec<_>>());
}

#[tokio::test]
async fn what_mentions_the_reader_no_more_is_not_read() {
    let scene = Scene::new().await;
    let room = scene.talk(5).await;
    let message = says_to_member(&scene, room, "could @member look?").await;
    scene.say(room, 7, 44).await;
    scene.everything(room).await;
    scene.stage.delete(&message).await;
    let (view, questions) = scene.everything(room).await;
    assert_eq!(last(&questions), (&[41, 42, 43, 44][..], None));
    assert!(!cited(&view).contains(&6), "{view:?}");
}

#[tokio::test]
async fn who_was_mentioned_by_another_name_has_a_summary_of_their_own() {
    let scene = Scene::new().await;
    let room = scene.talk(5).await;
    says_to_member(&scene, room, "could @whoever_they_were look?").await;
    scene.say(room, 7, 44).await;
    let (_, questions) = scene.everything(room).await;
    assert_eq!(last(&questions), (&[6, 41, 42, 43, 44][..], Some("member")));
    let owner = &scene.stage.owner;
    scene.missed(owner, room, after(0)).await.unwrap();
    let questions = scene.model.questions();
    assert_eq!(last(&questions), (&[41, 42, 43, 44][..], None));
}
