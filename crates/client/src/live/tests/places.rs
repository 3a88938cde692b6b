//! Resuming each room where it left off.

use std::time::Duration;

use serde_json::{Value, json};

use super::scene::{EPOCH, Scene, room};
use crate::{Event, Gone, Since, Standing};

#[test]
fn everything_is_told_once_and_in_order() {
    let mut scene = Scene::live(&[(1, 5)]);
    for (prev, rev) in [(5, 6), (6, 7), (5, 6), (6, 7), (7, 8)] {
        scene.posts(1, prev, rev);
    }
    assert_eq!(scene.revs(1), [6, 7, 8]);
    assert_eq!(scene.out(), [Value::Null; 0]);
}

#[test]
fn what_was_read_back_from_the_store_may_span_several_revs() {
    let mut scene = Scene::live(&[(1, 5)]);
    scene.posts(1, 3, 9);
    scene.posts(1, 9, 10);
    assert_eq!(scene.revs(1), [9, 10]);
}

#[test]
fn a_hole_is_asked_for_once_and_filled() {
    let mut scene = Scene::live(&[(1, 5)]);
    scene.posts(1, 6, 7);
    let asked = scene.asks("subscribe");
    assert_eq!(asked["rooms"], json!({ room(1).to_string(): 5 }));
    // Frames of the old subscription no longer count.
    scene.posts(1, 7, 8);
    assert_eq!(scene.out(), [Value::Null; 0]);
    for rev in 6..=8 {
        scene.posts(1, rev - 1, rev);
    }
    scene.acks_rooms(&asked, &[(1, 8, false)]);
    scene.posts(1, 8, 9);
    assert_eq!(scene.revs(1), [6, 7, 8, 9]);
}

#[test]
fn what_may_not_be_read_leaves_no_hole() {
    let mut scene = Scene::live(&[(1, 5)]);
    scene.says(json!({ "type": "skip", "roomId": room(1), "prev": 5, "rev": 6 }));
    scene.posts(1, 6, 7);
    assert_eq!(scene.revs(1), [7]);
}

#[test]
fn neither_does_what_only_a_newer_client_could_read() {
    let mut scene = Scene::live(&[(1, 5)]);
    scene.says(json!({ "type": "poll", "roomId": room(1), "prev": 5, "rev": 6, "votes": [] }));
    scene.posts(1, 6, 7);
    assert_eq!(scene.revs(1), [7]);
    assert_eq!(scene.out(), [Value::Null; 0]);
}

#[test]
fn after_a_break_every_room_goes_on_where_it_stood() {
    let mut scene = Scene::live(&[(1, 5), (2, 1)]);
    scene.posts(1, 5, 6);
    scene.talk.lost();
    assert_eq!(scene.out(), [Value::Null; 0]);
    scene.connects(EPOCH);
    let asked = scene.asks("subscribe");
    let revs = json!({ room(1).to_string(): 6, room(2).to_string(): 1 });
    assert_eq!([&asked["rooms"], &asked["epoch"]], [&revs, &json!(EPOCH)]);
    scene.posts(1, 6, 7);
    scene.acks_rooms(&asked, &[(1, 7, false), (2, 1, false)]);
    let heard = scene.heard();
    let resumed = heard
        .iter()
        .filter(|event| matches!(event, Event::Resumed { .. }));
    assert_eq!(resumed.count(), 2, "{heard:?}");
    assert_eq!(
        scene.events.standing().revs,
        [(room(1), 7), (room(2), 1)].into()
    );
}

#[test]
fn revs_of_another_store_mean_nothing() {
    let mut scene = Scene::live(&[(1, 5)]);
    scene.talk.lost();
    scene.connects("two");
    let asked = scene.asks("subscribe");
    assert_eq!(asked["rooms"], json!({ room(1).to_string(): null }));
    scene.acks_rooms(&asked, &[(1, 3, false)]);
    let heard = scene.heard();
    let reset = |event: &Event| {
        matches!(
            event,
            Event::Reset {
                rev: 3,
                stood: None,
                ..
            }
        )
    };
    assert!(heard.iter().any(reset), "{heard:?}");
    scene.posts(1, 3, 4);
    assert_eq!(scene.revs(1), [4]);
    assert_eq!(scene.events.standing().epoch.as_deref(), Some("two"));
}

#[test]
fn too_much_is_a_reset_which_says_where_one_stood() {
    let mut scene = Scene::live(&[(1, 5)]);
    scene.talk.lost();
    scene.connects(EPOCH);
    let asked = scene.asks("subscribe");
    scene.acks_rooms(&asked, &[(1, 5000, true)]);
    let heard = scene.heard();
    let reset = |event: &Event| {
        matches!(
            event,
            Event::Reset {
                rev: 5000,
                stood: Some(5),
                ..
            }
        )
    };
    assert!(heard.iter().any(reset), "{heard:?}");
    // The same if the server fell behind.
    scene.says(json!({ "type": "lagging", "rooms": [room(1)] }));
    scene.says(json!({ "type": "resumed", "roomId": room(1), "rev": 9000, "reset": true }));
    let heard = scene.heard();
    let reset = |event: &Event| {
        matches!(
            event,
            Event::Reset {
                rev: 9000,
                stood: Some(5000),
                ..
            }
        )
    };
    assert!(heard.iter().any(reset), "{heard:?}");
    scene.posts(1, 9000, 9001);
    assert_eq!(scene.revs(1), [9001]);
}

#[test]
fn who_was_lagging_goes_on_after_what_was_held_back() {
    let mut scene = Scene::live(&[(1, 5)]);
    scene.says(json!({ "type": "lagging", "rooms": [room(1)] }));
    scene.posts(1, 5, 8);
    scene.says(json!({ "type": "resumed", "roomId": room(1), "rev": 8, "reset": false }));
    scene.posts(1, 8, 9);
    assert_eq!(scene.revs(1), [8, 9]);
    assert_eq!(scene.out(), [Value::Null; 0]);
    // The server claims to be further than what arrived: the rest is requested.
    scene.says(json!({ "type": "resumed", "roomId": room(1), "rev": 12, "reset": false }));
    assert_eq!(
        scene.asks("subscribe")["rooms"],
        json!({ room(1).to_string(): 9 })
    );
}

#[test]
fn many_rooms_are_asked_for_in_several_frames() {
    let revs = (0..120).map(|number| (room(number), 1)).collect();
    let mut scene = Scene::new(Standing { epoch: None, revs });
    scene.connects(EPOCH);
    let asked = scene.out();
    let counts: Vec<_> = asked
        .iter()
        .map(|frame| frame["rooms"].as_object().unwrap().len())
        .collect();
    assert_eq!(counts, [50, 50, 20]);
}

#[test]
fn a_refusal_for_a_moment_is_asked_again_and_one_for_good_is_told() {
    let mut scene = Scene::live(&[]);
    let mut answer = scene.follows(1, Since::Now);
    let asked = scene.asks("subscribe");
    scene.says(json!({
        "type": "error", "id": asked["id"], "code": "unavailable", "message": "", "retryAfter": 2
    }));
    assert_eq!(scene.out(), [Value::Null; 0]);
    assert_eq!(scene.talk.due(), Some(scene.now + Duration::from_secs(2)));
    scene.now += Duration::from_secs(2);
    scene.talk.go_on(scene.now);
    let asked = scene.asks("subscribe");
    let refused = json!({ room(1).to_string(): { "code": "forbidden" } });
    scene.says(json!({ "type": "ack", "id": asked["id"], "rooms": refused }));
    let heard = scene.heard();
    let lost = |event: &Event| {
        matches!(
            event,
            Event::Lost {
                why: Gone::Refused(_),
                ..
            }
        )
    };
    assert!(heard.iter().any(lost), "{heard:?}");
    assert!(answer.try_recv().unwrap().is_err());
    scene.talk.lost();
    scene.connects(EPOCH);
    assert_eq!(scene.out(), [Value::Null; 0], "it is followed no more");
}

#[test]
fn a_room_that_one_left_is_followed_no_more() {
    let mut scene = Scene::live(&[(1, 5)]);
    scene.says(json!({ "type": "room_removed", "roomId": room(1), "reason": "left" }));
    scene.posts(1, 5, 6);
    let heard = scene.heard();
    assert!(
        matches!(
            heard[..],
            [Event::Lost {
                why: Gone::Removed(_),
                ..
            }]
        ),
        "{heard:?}"
    );
    assert_eq!(scene.events.standing().revs, [].into());
    scene.talk.lost();
    scene.connects(EPOCH);
    assert_eq!(scene.out(), [Value::Null; 0]);
}

#[test]
fn an_answer_to_an_older_question_says_nothing() {
    let mut scene = Scene::live(&[]);
    let mut first = scene.follows(1, Since::Rev(5));
    let old = scene.asks("subscribe");
    let mut second = scene.follows(1, Since::Rev(2));
    let new = scene.asks("subscribe");
    scene.acks_rooms(&old, &[(1, 5, false)]);
    assert!(first.try_recv().is_err(), "it is not answered yet");
    for rev in 3..=5 {
        scene.posts(1, rev - 1, rev);
    }
    scene.acks_rooms(&new, &[(1, 5, false)]);
    assert_eq!(scene.revs(1), [3, 4, 5]);
    for answer in [&mut first, &mut second] {
        assert_eq!(answer.try_recv().unwrap().unwrap().rev, 5);
    }
}
