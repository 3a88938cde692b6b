//! Notifications over the socket.

use acceptance::{World, scenarios};
use serde_json::{Value, json};

use super::scene::{Pair, id, is, pair};

scenarios![
    a_mention_is_told_to_every_connection,
    a_reply_and_a_direct_message_are_told,
    an_edit_notifies_nobody,
    who_wants_none_gets_none,
];

fn notification(room: &str, message: &Value, kind: &str) -> Value {
    json!({ "type": "notification", "roomId": room, "messageId": message["id"], "kind": kind })
}

async fn a_mention_is_told_to_every_connection(world: &mut World) {
    let Pair {
        ana,
        ben,
        room,
        mut a,
        mut b,
    } = pair(world).await;
    // Subscribed to nothing, on another node.
    let mut elsewhere = ben.clone().at(&world.visitor()).connects().await;
    let said = ana.posts(&room, "what do you say, @ben?").await;
    for socket in [&mut b, &mut elsewhere] {
        let told = socket.next("notification").await;
        assert_eq!(told, notification(&room, &said, "mention"));
    }
    let own = a.posts(&room, "I am @ana").await;
    b.finds("it", |frame| frame["message"]["id"] == own["id"])
        .await;
    let heard = a.so_far().await;
    assert!(!heard.iter().any(is("notification")), "{heard:?}");
}

async fn a_reply_and_a_direct_message_are_told(world: &mut World) {
    let Pair {
        ana,
        ben,
        room,
        mut a,
        mut b,
    } = pair(world).await;
    let asked = ana.posts(&room, "who?").await;
    let reply = json!({ "type": "send", "roomId": room, "content": "me", "replyTo": asked["id"] });
    let reply = b.ask(reply).await.message();
    let told = a.next("notification").await;
    assert_eq!(told, notification(&room, &reply, "reply"));

    let chat = json!({ "participantIds": [ana.id] });
    let direct = id(&ben.post("/api/chat", chat).await.expect(201));
    let said = b.posts(&direct, "between us").await;
    let told = a.next("notification").await;
    assert_eq!(told, notification(&direct, &said, "direct"));
}

async fn an_edit_notifies_nobody(world: &mut World) {
    let Pair {
        ana, room, mut b, ..
    } = pair(world).await;
    let said = id(&ana.posts(&room, "hello").await);
    let edit = json!({ "content": "hello, @ben" });
    ana.patch(&format!("/api/messages/{said}"), edit)
        .await
        .expect(200);
    let next = ana.posts(&room, "now: @ben").await;
    let told = b.next("notification").await;
    assert_eq!(told, notification(&room, &next, "mention"));
}

async fn who_wants_none_gets_none(world: &mut World) {
    let Pair {
        ana,
        ben,
        room,
        mut b,
        ..
    } = pair(world).await;
    let mute = format!("/api/rooms/{room}/mute");
    ben.put(&mute).await.expect_nothing();
    ana.posts(&room, "psst, @ben").await;
    b.next("message").await;
    ben.delete(&mute).await.expect_nothing();
    let next = ana.posts(&room, "and now, @ben?").await;
    let told = b.next("notification").await;
    assert_eq!(told, notification(&room, &next, "mention"));
}
