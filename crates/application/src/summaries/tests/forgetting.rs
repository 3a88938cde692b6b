//! What changes is summarised anew, and what is deleted is gone.

use std::time::Duration;

use domain::MessageId;
use domain::port::messages::{View, Window};

use super::scene::{Scene, after, read};
use crate::messages::{DeleteMessage, EditMessage, Pin, React};
use crate::testing::{body, seq};

async fn message_at(scene: &Scene, room: domain::RoomId, place: i64) -> MessageId {
    let (view, window) = (View::whole(room), Window::After(seq(place - 1)));
    let page = scene.stage.world.ports.messages.page(&view, window, 1);
    page.await.unwrap()[0].id
}

#[tokio::test]
async fn an_edit_is_told_and_nothing_else_is_read_again() {
    let scene = Scene::new().await;
    let room = scene.talk(48).await;
    scene.everything(room).await;
    let edit = EditMessage::new(&scene.stage.world.ports);
    let id = message_at(&scene, room, 21).await;
    edit.run(&scene.stage.owner, id, body("Friday it is"))
        .await
        .unwrap();
    assert!(!scene.cache.holds("message 21.").await);

    let (view, questions) = scene.everything(room).await;
    let of_lines: Vec<_> = questions
        .iter()
        .filter(|question| question.parts == 0)
        .collect();
    assert_eq!(of_lines.len(), 1);
    assert_eq!(of_lines[0].lines, (21..=30).collect::<Vec<_>>());
    assert!(of_lines[0].text.contains("Friday it is"));
    // The stretch, the node that it is merged into, and the whole.
    assert_eq!(questions.len(), 3);
    assert!(!view.cached);
}

#[tokio::test]
async fn what_is_deleted_reaches_no_model_and_stays_in_no_cache() {
    let scene = Scene::new().await;
    let room = scene.talk(31).await;
    scene.everything(room).await;
    // It is the first of its stretch, which the model quotes.
    assert!(scene.cache.holds("message 11.").await);
    let delete = DeleteMessage::new(&scene.stage.world.ports);
    let id = message_at(&scene, room, 11).await;
    delete.run(&scene.stage.owner, id).await.unwrap();
    assert!(!scene.cache.holds("message 11.").await);
    assert!(scene.cache.holds("message 1.").await, "the others stay");

    let (view, questions) = scene.everything(room).await;
    assert_eq!(view.messages, 30);
    assert!(
        questions
            .iter()
            .all(|question| !question.text.contains("message 11."))
    );
    let expected: Vec<i64> = (12..=20).chain([31]).collect();
    assert_eq!(read(&questions), expected);
    assert!(!scene.cache.holds("message 11.").await);

    // Deleting it again invalidates what an earlier attempt may have failed to.
    delete.run(&scene.stage.owner, id).await.unwrap();
    let (_, questions) = scene.everything(room).await;
    assert!(
        questions
            .iter()
            .all(|question| !question.text.contains("message 11."))
    );
}

#[tokio::test(start_paused = true)]
async fn what_is_deleted_while_it_is_told_is_kept_nowhere() {
    let scene = Scene::new().await;
    let room = scene.talk(15).await;
    let id = message_at(&scene, room, 1).await;
    let delete = DeleteMessage::new(&scene.stage.world.ports);
    let asked = scene.model.asked.notified();
    let telling = scene.missed(&scene.stage.member, room, after(0));
    let deleting = async {
        asked.await;
        delete.run(&scene.stage.owner, id).await.unwrap();
    };
    let (told, ()) = tokio::join!(telling, deleting);
    told.unwrap();
    assert!(!scene.cache.holds("message 1.").await);
}

#[tokio::test]
async fn what_changes_no_word_costs_nothing() {
    let scene = Scene::new().await;
    let room = scene.talk(48).await;
    let (before, _) = scene.everything(room).await;
    let (react, pin) = (
        React::new(&scene.stage.world.ports),
        Pin::new(&scene.stage.world.ports),
    );
    let id = message_at(&scene, room, 21).await;
    let emoji = domain::Emoji::parse("👍").unwrap();
    react
        .run(&scene.stage.member, id, emoji, true)
        .await
        .unwrap();
    pin.run(&scene.stage.owner, id, true).await.unwrap();
    let (view, questions) = scene.everything(room).await;
    assert_eq!(questions, []);
    assert!(view.cached);
    assert_eq!(view.bullets, before.bullets);
}

#[tokio::test]
async fn who_deletes_their_account_is_called_by_their_name_no_more() {
    let scene = Scene::new().await;
    let world = &scene.stage.world;
    let room = scene.talk(12).await;
    world.post(room, &scene.stage.member, "and I agree").await;
    let (view, _) = scene.everything(room).await;
    assert!(!view.cached);
    assert!(scene.everything(room).await.0.cached);

    let gone = scene.stage.member.user;
    assert!(world.ports.users.erase(gone, world.now()).await.unwrap());
    // Names are cached for no longer than this.
    world.pass(Duration::from_secs(11));
    let answer = scene.missed(&scene.stage.owner, room, after(0)).await;
    assert!(!answer.unwrap().cached);
    let questions = scene.model.questions();
    // The stretch in which only the other one wrote is not read again.
    assert_eq!(read(&questions), [11, 12, 13]);
    let again = scene.missed(&scene.stage.owner, room, after(0)).await;
    assert!(again.unwrap().cached);
}
