//! Common setups.

use acceptance::{Person, Socket, World};
use serde_json::{Value, json};

/// Two users in a public room, both connected and subscribed.
pub(crate) struct Pair {
    pub(crate) ana: Person,
    pub(crate) ben: Person,
    /// Ana's, which Ben has joined.
    pub(crate) room: String,
    /// Ana's connection.
    pub(crate) a: Socket,
    /// Ben's.
    pub(crate) b: Socket,
}

pub(crate) async fn pair(world: &World) -> Pair {
    let (ana, ben) = (world.person("ana").await, world.person("ben").await);
    let room = ana.makes_room("tertulia").await;
    ben.joins(&room).await;
    let (mut a, mut b) = (ana.connects().await, ben.connects().await);
    a.subscribes(&room).await;
    b.subscribes(&room).await;
    Pair {
        ana,
        ben,
        room,
        a,
        b,
    }
}

/// The id of anything.
pub(super) fn id(value: &Value) -> String {
    value["id"].as_str().unwrap().to_owned()
}

/// Whether a frame is of this type.
pub(super) fn is(kind: &str) -> impl Fn(&Value) -> bool {
    move |frame| frame["type"] == kind
}

/// Whether a frame carries a message with this text.
pub(super) fn says(text: &str) -> impl Fn(&Value) -> bool {
    move |frame| frame["type"] == "message" && frame["message"]["content"] == text
}

/// Posts this many messages over a socket, without waiting for each response.
pub(super) async fn fill(socket: &mut Socket, room: &str, count: usize) {
    let mut left: Vec<usize> = (0..count).collect();
    while !left.is_empty() {
        let some = left.split_off(left.len().saturating_sub(100));
        let mut asked = Vec::new();
        for number in some {
            let frame = json!({ "type": "send", "roomId": room, "content": number.to_string() });
            asked.push(socket.asks(frame).await);
        }
        for id in asked {
            socket.reply(id, json!("send")).await.done();
        }
    }
}

/// The room's last rev, as this user sees it.
pub(super) async fn last_rev(person: &Person, room: &str) -> i64 {
    person.sees(room).await["lastRev"].as_i64().unwrap()
}
