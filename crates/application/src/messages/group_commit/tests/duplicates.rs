//! Messages that are submitted twice.

use std::sync::Arc;

use domain::ClientId;
use domain::port::messages::{Appended, Fingerprint, NewMessage};
use domain::port::{IdsExt as _, Messages as _};
use futures::future::join_all;

use super::scene::{ONE_LANE, Scene, stored};

#[tokio::test]
async fn a_repeat_in_the_same_commit_is_a_duplicate() {
    let scene = Scene::set(ONE_LANE).await;
    let client: ClientId = scene.world.ports.ids.next();
    let said = |text: &str| NewMessage {
        client: Some((client, Fingerprint([1; 32]))),
        ..scene.message(text)
    };
    let first = scene.occupy().await;
    let (one, two) = (scene.hand_in(said("hi")), scene.hand_in(said("hi")));
    let last = scene.say("last");
    scene.stage.open_gate();

    first.await.unwrap();
    let kept = stored(one.await);
    assert_eq!(
        two.await.unwrap(),
        [Appended::Duplicate(Box::new(kept.clone()))]
    );
    assert_eq!(kept.seq.get(), 2);
    assert_eq!(stored(last.await).seq.get(), 3);
    assert_eq!(scene.stage.commits(), [1, 3]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_repeats_at_once_one_is_stored() {
    let scene = Arc::new(Scene::set(ONE_LANE).await);
    scene.stage.open_gate();
    let client: ClientId = scene.world.ports.ids.next();
    let repeats = (0..32).map(|_| {
        let scene = Arc::clone(&scene);
        scene.tasks.clone().spawn(async move {
            let message = NewMessage {
                client: Some((client, Fingerprint([1; 32]))),
                ..scene.message("hi")
            };
            scene.group.append(&[message]).await.unwrap().remove(0)
        })
    });
    let answers = join_all(repeats.collect::<Vec<_>>()).await;
    let fresh = answers
        .into_iter()
        .filter(|answer| matches!(answer, Ok(Appended::Stored(_))))
        .count();
    assert_eq!(fresh, 1);
    assert_eq!(scene.stored().await, ["hi"]);
    let next = scene.group.append(&[scene.message("next")]).await;
    assert_eq!(stored(next).seq.get(), 2);
}

#[tokio::test]
async fn the_same_id_for_another_text_is_a_conflict_and_spends_no_place() {
    let scene = Scene::set(ONE_LANE).await;
    let client: ClientId = scene.world.ports.ids.next();
    let said = |text: &str, print| NewMessage {
        client: Some((client, Fingerprint([print; 32]))),
        ..scene.message(text)
    };
    let first = scene.occupy().await;
    let (one, two) = (scene.hand_in(said("hi", 1)), scene.hand_in(said("ho", 2)));
    let last = scene.say("last");
    scene.stage.open_gate();

    first.await.unwrap();
    assert_eq!(stored(one.await).seq.get(), 2);
    assert_eq!(two.await.unwrap(), [Appended::Conflict]);
    assert_eq!(stored(last.await).seq.get(), 3);
}
