//! A message is posted even if its sender disconnects at once.

use acceptance::{Socket, World, scenarios};
use serde_json::json;

use super::scene::{fill, last_rev, pair, says};

scenarios![
    what_was_said_before_goodbye_is_done,
    what_was_said_before_going_without_a_word_is_done,
    what_was_said_behind_a_replay_is_done,
];

/// How many frames one connection may send at once.
const SAID: usize = 40;
/// More than is queued for a client that does not read.
const MISSED: usize = 400;

/// Posts this many messages without waiting for a response.
async fn talks(socket: &mut Socket, room: &str) {
    socket
        .tells(json!({ "type": "typing", "roomId": room, "on": true }))
        .await;
    for number in 0..SAID {
        let content = number.to_string();
        let frame = json!({ "type": "send", "roomId": room, "content": content });
        socket.tells(frame).await;
    }
}

/// Asserts that all of them arrive, in order.
async fn is_heard(socket: &mut Socket) {
    for number in 0..SAID {
        let heard = socket.next("message").await;
        assert!(says(&number.to_string())(&heard), "{number}: {heard}");
    }
}

async fn what_was_said_before_goodbye_is_done(world: &mut World) {
    let mut pair = pair(world).await;
    talks(&mut pair.a, &pair.room).await;
    pair.a.leaves().await;
    is_heard(&mut pair.b).await;
}

async fn what_was_said_before_going_without_a_word_is_done(world: &mut World) {
    let mut pair = pair(world).await;
    // It is not subscribed: closing with unread data would reset the connection.
    let mut other = pair.ana.connects().await;
    other.is_ready().await;
    talks(&mut other, &pair.room).await;
    drop(other);
    is_heard(&mut pair.b).await;
}

async fn what_was_said_behind_a_replay_is_done(world: &mut World) {
    let mut pair = pair(world).await;
    let since = last_rev(&pair.ana, &pair.room).await;
    fill(&mut pair.a, &pair.room, MISSED).await;
    let mut other = pair.ana.connects().await;
    other.is_ready().await;
    let rooms = json!({ &pair.room: since });
    other
        .tells(json!({ "type": "subscribe", "rooms": rooms }))
        .await;
    talks(&mut other, &pair.room).await;
    other.leaves().await;
    for _ in 0..MISSED {
        pair.b.next("message").await;
    }
    is_heard(&mut pair.b).await;
}
