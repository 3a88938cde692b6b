//! Programs that take their events slowly.

use serde_json::{Value, json};

use super::scene::{EPOCH, Scene, room};
use crate::{Ending, Event, Standing};

fn slow(waiting: usize) -> Scene {
    let revs = [(room(1), 0)].into();
    let mut scene = Scene::waiting(
        Standing {
            epoch: Some(EPOCH.into()),
            revs,
        },
        waiting,
    );
    scene.connects(EPOCH);
    let asked = scene.asks("subscribe");
    scene.acks_rooms(&asked, &[(1, 0, false)]);
    scene.heard();
    scene
}

#[test]
fn what_finds_no_room_is_left_with_the_server_and_fetched_later() {
    let mut scene = slow(64);
    for rev in 1..=200 {
        scene.posts(1, rev - 1, rev);
    }
    assert!(scene.talk.holds_some());
    assert_eq!(
        scene.out(),
        [Value::Null; 0],
        "there is no room for more yet"
    );
    let told = scene.revs(1);
    let last = *told.last().unwrap();
    assert_eq!(told, (1..=last).collect::<Vec<_>>());
    assert!((32..=64).contains(&last), "{last}");

    scene.talk.released(scene.now);
    let asked = scene.asks("subscribe");
    assert_eq!(asked["rooms"], json!({ room(1).to_string(): last }));
    for rev in last + 1..=last + 10 {
        scene.posts(1, rev - 1, rev);
    }
    scene.acks_rooms(&asked, &[(1, last + 10, false)]);
    assert_eq!(scene.revs(1), (last + 1..=last + 10).collect::<Vec<_>>());
}

#[test]
fn whoever_takes_events_is_said_to_have_made_room() {
    let mut scene = slow(64);
    for rev in 1..=200 {
        scene.posts(1, rev - 1, rev);
    }
    scene.talk.teller.wants_room();
    let gauge = scene.talk.teller.room();
    let mut made = Box::pin(gauge.made());
    assert!(futures::FutureExt::now_or_never(&mut made).is_none());
    scene.heard();
    assert!(futures::FutureExt::now_or_never(&mut made).is_some());
}

#[test]
fn typing_makes_way_for_messages() {
    let mut scene = slow(64);
    for _ in 0..100 {
        scene.says(json!({ "type": "typing", "roomId": room(1), "userId": room(2), "on": true }));
    }
    scene.posts(1, 0, 1);
    let heard = scene.heard();
    assert!(heard.len() <= 33, "{}", heard.len());
    assert!(matches!(heard.last(), Some(Event::Posted { .. })));
    assert!(!scene.talk.teller.overran());
}

#[tokio::test]
async fn what_comes_once_and_finds_no_room_ends_the_connection_and_is_told_all_the_same() {
    let mut scene = slow(8);
    for number in 0..10 {
        scene.says(json!({
            "type": "notification", "roomId": room(1), "messageId": room(number), "kind": "mention"
        }));
    }
    assert!(scene.talk.teller.overran());
    let why = Ending::Untaken;
    let gone = Event::Disconnected { why, again: None };
    let mut told = scene.heard();
    assert_eq!(told.len(), 8);
    scene.talk.teller.insist(gone).await;
    assert!(!scene.talk.teller.overran());
    told.extend(scene.heard());
    let Some(Event::Disconnected { .. }) = told.pop() else {
        panic!("it ends with that");
    };
    let messages = told.iter().map(|event| {
        let Event::Notification { message, .. } = event else {
            panic!("{event:?}");
        };
        *message
    });
    assert_eq!(
        messages.collect::<Vec<_>>(),
        (0..10).map(room).collect::<Vec<_>>()
    );
}
