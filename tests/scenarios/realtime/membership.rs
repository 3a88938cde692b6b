//! Who receives the events of a room, and who must not.

use acceptance::{Person, SOON, Socket, World, scenarios};
use serde_json::{Value, json};
use tokio::time::timeout;
use uuid::Uuid;

use super::scene::{id, says};

scenarios![
    a_subscription_is_for_those_who_may_read,
    who_joins_is_told_everywhere,
    who_is_taken_into_a_conversation_is_told,
    who_leaves_hears_no_more,
    who_is_kicked_hears_no_more,
    who_is_banned_hears_no_more,
    a_deleted_room_is_silent,
    a_room_ends_with_its_last_member,
    who_comes_back_subscribes_again,
];

async fn a_subscription_is_for_those_who_may_read(world: &mut World) {
    let (ana, ben) = (world.person("ana").await, world.person("ben").await);
    let stage = ana.makes_room("stage").await;
    let den = ana.makes(json!({ "name": "den", "isPrivate": true })).await;
    let closed = ana.makes_room("closed").await;
    ben.joins(&closed).await;
    let ban = format!("/api/rooms/{closed}/users/{}?ban=true", ben.id);
    ana.delete(&ban).await.expect_nothing();
    let own = ben.makes_room("own").await;
    let nowhere = Uuid::now_v7().to_string();

    let mut b = ben.connects().await;
    let rooms = json!({ &stage: 0, &den: null, &closed: 0, &nowhere: null, &own: null });
    let ack = b
        .ask(json!({ "type": "subscribe", "rooms": rooms }))
        .await
        .done();
    for (room, code) in [
        (&stage, "forbidden"),
        (&den, "not_found"),
        (&closed, "banned"),
        (&nowhere, "not_found"),
    ] {
        assert_eq!(ack["rooms"][room], json!({ "code": code }), "{ack}");
    }
    assert!(ack["rooms"][&own]["rev"].is_i64(), "{ack}");

    ana.posts(&stage, "not for him").await;
    ben.posts(&own, "for him").await;
    b.hears_no(says("not for him"), says("for him")).await;
}

async fn who_joins_is_told_everywhere(world: &mut World) {
    let (ana, ben) = (world.person("ana").await, world.person("ben").await);
    let room = ana.makes_room("tertulia").await;
    let mut sockets = everywhere(world, &ben).await;
    ben.joins(&room).await;
    for socket in &mut sockets {
        let added = socket.next("room_added").await["room"].clone();
        assert_eq!(id(&added), room);
        assert_eq!(added["name"], "tertulia");
        assert_eq!(added["membership"]["role"], "member");
    }
    // Once.
    ben.joins(&room).await;
    let other = ana.makes_room("other").await;
    ben.joins(&other).await;
    for socket in &mut sockets {
        assert_eq!(id(&socket.next("room_added").await["room"]), other);
    }
}

/// A connection to every node.
async fn everywhere(world: &World, person: &Person) -> Vec<Socket> {
    let mut sockets = Vec::new();
    for node in 0..world.nodes() {
        let at = person.clone().at(&world.visitor_at(node));
        sockets.push(at.connects().await);
    }
    sockets
}

async fn who_is_taken_into_a_conversation_is_told(world: &mut World) {
    let (ana, ben) = (world.person("ana").await, world.person("ben").await);
    let mut b = ben.connects().await;
    let chat = json!({ "participantIds": [ben.id] });
    let direct = ana.post("/api/chat", chat).await.expect(201);
    let added = b.next("room_added").await;
    assert_eq!(added["room"]["id"], direct["id"]);
    assert_eq!(added["room"]["kind"], "direct");

    let group = json!({ "participantIds": [ben.id], "name": "group", "type": "group" });
    let group = ana.post("/api/chat", group).await.expect(201);
    assert_eq!(b.next("room_added").await["room"]["id"], group["id"]);
}

/// How a user loses a room.
#[derive(Clone, Copy)]
enum Way {
    Left,
    Kicked,
    Banned,
}

impl Way {
    const fn word(self) -> &'static str {
        match self {
            Self::Left => "left",
            Self::Kicked => "kicked",
            Self::Banned => "banned",
        }
    }

    async fn out(self, room: &str, owner: &Person, member: &Person) {
        let user = format!("/api/rooms/{room}/users/{}", member.id);
        let answer = match self {
            Self::Left => member.delete(&format!("/api/rooms/{room}/leave")).await,
            Self::Kicked => owner.delete(&user).await,
            Self::Banned => owner.delete(&format!("{user}?ban=true")).await,
        };
        answer.expect_nothing();
    }
}

async fn who_leaves_hears_no_more(world: &mut World) {
    goes(world, Way::Left).await;
}

async fn who_is_kicked_hears_no_more(world: &mut World) {
    goes(world, Way::Kicked).await;
}

async fn who_is_banned_hears_no_more(world: &mut World) {
    goes(world, Way::Banned).await;
}

async fn goes(world: &World, way: Way) {
    let (ana, ben) = (world.person("ana").await, world.person("ben").await);
    let (room, other) = (ana.makes_room("room").await, ana.makes_room("other").await);
    ben.joins(&room).await;
    ben.joins(&other).await;
    let mut sockets = everywhere(world, &ben).await;
    for socket in &mut sockets {
        socket.subscribes(&room).await;
        socket.subscribes(&other).await;
    }
    let mut a = ana.connects().await;
    a.subscribes(&room).await;

    way.out(&room, &ana, &ben).await;
    for socket in &mut sockets {
        let removed = timeout(SOON, socket.next("room_removed")).await;
        let expected = json!({ "type": "room_removed", "roomId": room, "reason": way.word() });
        assert_eq!(removed.expect("soon"), expected);
    }
    // The others are notified of it, and of later messages.
    assert_eq!(a.next("member").await["op"], way.word());
    ana.posts(&room, "without him").await;
    a.finds("it", says("without him")).await;
    ana.posts(&other, "with him").await;
    for socket in &mut sockets {
        let of_the_room = |frame: &Value| frame["roomId"] == room.as_str();
        let said = |frame: &Value| of_the_room(frame) && frame["type"] != "member";
        socket.hears_no(said, says("with him")).await;
    }
}

async fn a_deleted_room_is_silent(world: &mut World) {
    let (ana, ben) = (world.person("ana").await, world.person("ben").await);
    let room = ana.makes_room("tertulia").await;
    ben.joins(&room).await;
    let mut sockets = everywhere(world, &ben).await;
    for socket in &mut sockets {
        socket.subscribes(&room).await;
    }
    let mut others = everywhere(world, &ben).await;
    ana.delete(&format!("/api/rooms/{room}"))
        .await
        .expect_nothing();
    for socket in &mut sockets {
        is_told_of_the_end(socket, &room, &["room deleted", "room_removed deleted"]).await;
        let subscribe = json!({ "type": "subscribe", "rooms": { &room: 0 } });
        let ack = socket.ask(subscribe).await.done();
        assert_eq!(ack["rooms"][&room], json!({ "code": "not_found" }));
        let send = json!({ "type": "send", "roomId": room, "content": "hello?" });
        socket.ask(send).await.refused("not_found");
    }
    for socket in &mut others {
        is_told_of_the_end(socket, &room, &["room_removed deleted"]).await;
    }
    // There are two notices of it, and both have had time to arrive.
    let mark = ana.makes_room("mark").await;
    ben.joins(&mark).await;
    for socket in sockets.iter_mut().chain(&mut others) {
        let is_marked = |frame: &Value| frame["room"]["id"] == mark.as_str();
        let again = |frame: &Value| frame["roomId"] == room.as_str();
        socket.hears_no(again, is_marked).await;
    }
}

async fn a_room_ends_with_its_last_member(world: &mut World) {
    let ana = world.person("ana").await;
    let room = ana.makes_room("tertulia").await;
    let (mut listener, mut other) = (ana.connects().await, ana.connects().await);
    listener.subscribes(&room).await;
    ana.delete(&format!("/api/rooms/{room}/leave"))
        .await
        .expect_nothing();
    let told = ["room deleted", "room_removed deleted"];
    is_told_of_the_end(&mut listener, &room, &told).await;
    is_told_of_the_end(&mut other, &room, &told[1..]).await;
}

/// Asserts that a socket receives these frames about a room.
async fn is_told_of_the_end(socket: &mut Socket, room: &str, expected: &[&str]) {
    let of_the_room = |frame: &Value| {
        let is_of_it = frame["roomId"] == room;
        is_of_it && (frame["type"] == "room" || frame["type"] == "room_removed")
    };
    for told in expected {
        let frame = socket.finds(told, of_the_room).await;
        let how = frame["op"].as_str().or(frame["reason"].as_str());
        let heard = format!("{} {}", frame["type"].as_str().unwrap(), how.unwrap());
        assert_eq!(heard, *told, "{frame}");
    }
}

async fn who_comes_back_subscribes_again(world: &mut World) {
    let (ana, ben) = (world.person("ana").await, world.person("ben").await);
    let room = ana.makes_room("tertulia").await;
    ben.joins(&room).await;
    let mut b = ben.connects().await;
    let rev = b.subscribes(&room).await["rev"].as_i64().unwrap();
    Way::Kicked.out(&room, &ana, &ben).await;
    b.next("room_removed").await;
    ana.posts(&room, "meanwhile").await;
    ben.joins(&room).await;
    b.next("room_added").await;
    let told = b.resumes(&room, Some(rev)).await;
    let replayed = b.replayed();
    // It does not matter whether he was still sent his own departure.
    assert!(replayed.iter().any(says("meanwhile")), "{replayed:?}");
    assert_eq!(replayed.last().unwrap()["rev"], told["rev"]);
    ana.posts(&room, "welcome back").await;
    let heard = b.next("message").await;
    assert_eq!(heard["message"]["content"], "welcome back");
}
