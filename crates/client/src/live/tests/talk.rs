//! Posting once and in order; commands with and without responses.

use std::time::Duration;

use protocol::realtime::{Ack, Command};
use serde_json::{Value, json};
use tokio::sync::oneshot;

use super::scene::{EPOCH, Scene, message, room};
use crate::live::talk::Order;
use crate::{Error, ErrorCode, Event};

fn ack(scene: &mut Scene, asked: &Value, rev: i64) {
    scene.says(json!({ "type": "ack", "id": asked["id"], "message": message(1, rev) }));
}

#[test]
fn what_was_not_acked_is_said_again_under_the_same_name_and_in_order() {
    let mut scene = Scene::live(&[]);
    let mut first = scene.sends(1, "one");
    let mut second = scene.sends(1, "two");
    let sent = scene.asks("send");
    assert_eq!(sent["content"], "one");
    scene.talk.lost();
    assert!(first.try_recv().is_err(), "it is not answered yet");

    scene.connects(EPOCH);
    let again = scene.asks("send");
    for name in ["roomId", "content", "clientId"] {
        assert_eq!(again[name], sent[name]);
    }
    ack(&mut scene, &again, 1);
    assert_eq!(first.try_recv().unwrap().unwrap().seq, 1);
    let next = scene.asks("send");
    assert_eq!(next["content"], "two");
    ack(&mut scene, &next, 2);
    assert_eq!(second.try_recv().unwrap().unwrap().seq, 2);
    scene.talk.lost();
    scene.connects(EPOCH);
    assert_eq!(
        scene.out(),
        [Value::Null; 0],
        "what was acked is not said again"
    );
}

#[test]
fn one_room_does_not_wait_for_another() {
    let mut scene = Scene::live(&[]);
    let _answers = [
        scene.sends(1, "here"),
        scene.sends(2, "there"),
        scene.sends(1, "here too"),
    ];
    let sent: Vec<_> = scene
        .out()
        .iter()
        .map(|frame| frame["content"].clone())
        .collect();
    assert_eq!(sent, ["here", "there"]);
}

#[test]
fn what_is_refused_for_a_moment_is_said_again_before_what_follows_it() {
    let mut scene = Scene::live(&[]);
    let mut first = scene.sends(1, "one");
    let _second = scene.sends(1, "two");
    for code in ["overloaded", "unavailable", "rate_limited"] {
        let sent = scene.asks("send");
        assert_eq!(sent["content"], "one");
        scene.says(json!({
            "type": "error", "id": sent["id"], "code": code, "message": "", "retryAfter": 3
        }));
        assert_eq!(scene.out(), [Value::Null; 0]);
        scene.now += Duration::from_secs(3);
        assert_eq!(scene.talk.due(), Some(scene.now));
        scene.talk.go_on(scene.now);
    }
    let sent = scene.asks("send");
    scene.says(json!({ "type": "error", "id": sent["id"], "code": "muted", "message": "hush" }));
    let Err(Error::Refused(problem)) = first.try_recv().unwrap() else {
        panic!("it is refused");
    };
    assert_eq!(
        (problem.code, problem.detail.as_str()),
        (ErrorCode::Muted, "hush")
    );
    assert_eq!(scene.asks("send")["content"], "two");
}

#[test]
fn too_much_to_say_is_told_at_once() {
    let mut scene = Scene::new(crate::Standing::default());
    let mut waiting: Vec<_> = (0..256)
        .map(|number| scene.sends(1, &number.to_string()))
        .collect();
    let mut refused = scene.sends(1, "one too many");
    assert!(matches!(refused.try_recv().unwrap(), Err(Error::Full)));
    scene.talk.over();
    for answer in &mut waiting {
        assert!(matches!(answer.try_recv().unwrap(), Err(Error::Closed)));
    }
}

fn asks(scene: &mut Scene, command: Command) -> oneshot::Receiver<Result<Ack, Error>> {
    let (reply, answer) = oneshot::channel();
    scene.talk.order(
        Order::Ask {
            command,
            hear: None,
            reply,
        },
        scene.now,
    );
    answer
}

#[test]
fn a_question_without_a_connection_is_answered_by_that() {
    let mut scene = Scene::new(crate::Standing::default());
    let mut early = asks(&mut scene, Command::Ping);
    assert!(matches!(
        early.try_recv().unwrap(),
        Err(Error::Disconnected)
    ));
    scene.connects(EPOCH);
    let mut lost = asks(&mut scene, Command::Ping);
    scene.talk.lost();
    assert!(matches!(lost.try_recv().unwrap(), Err(Error::Disconnected)));
    scene.connects(EPOCH);
    let mut good = asks(&mut scene, Command::Ping);
    let asked = scene.out().pop().unwrap();
    scene.says(json!({ "type": "pong", "id": asked["id"] }));
    assert!(good.try_recv().unwrap().is_ok());
}

#[test]
fn an_answer_that_cannot_be_read_is_an_error_and_no_silence() {
    let mut scene = Scene::live(&[]);
    let mut answer = asks(&mut scene, Command::Ping);
    let asked = scene.asks("ping");
    scene.says(json!({ "type": "error", "id": asked["id"], "code": "of_tomorrow", "message": "" }));
    assert!(matches!(
        answer.try_recv().unwrap(),
        Err(Error::Unreadable(_))
    ));
}

#[test]
fn nonsense_is_ignored() {
    let mut scene = Scene::live(&[(1, 5)]);
    for text in [
        "",
        "[]",
        "{}",
        "{\"type\":7}",
        "{\"type\":\"message\"}",
        "\u{0}",
    ] {
        scene.talk.hear(text, scene.now);
    }
    scene.posts(1, 5, 6);
    assert_eq!(scene.revs(1), [6]);
}

#[test]
fn what_happens_to_a_message_is_told_apart() {
    let mut scene = Scene::live(&[(1, 0)]);
    for (rev, op, by) in [
        (1, "created", Value::Null),
        (2, "updated", Value::Null),
        (
            3,
            "updated",
            json!({ "userId": room(99), "emoji": "🌱", "on": true }),
        ),
        (4, "deleted", Value::Null),
    ] {
        scene.says(json!({
            "type": "message", "op": op, "roomId": room(1), "rev": rev, "prev": rev - 1,
            "message": message(1, rev), "by": by
        }));
    }
    let heard = scene.heard();
    let told = matches!(
        heard[..],
        [
            Event::Posted { rev: 1, .. },
            Event::Changed { rev: 2, .. },
            Event::Reacted { rev: 3, .. },
            Event::Deleted { rev: 4, .. },
        ]
    );
    assert!(told, "{heard:?}");
}

#[test]
fn a_server_that_stops_says_for_how_long() {
    let mut scene = Scene::live(&[]);
    scene.says(json!({ "type": "shutdown", "reconnectIn": 1500 }));
    scene.says(json!({ "type": "token_expiring", "in": 60 }));
    assert_eq!(scene.talk.away, Some(Duration::from_millis(1500)));
    assert_eq!(scene.talk.expires_in, Some(60));
}
