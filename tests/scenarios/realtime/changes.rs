//! The events that members of a room receive.

use acceptance::{Person, Socket, World, scenarios};
use serde_json::{Value, json};

use super::scene::{Pair, id, pair};

scenarios![
    what_is_posted_is_told,
    what_becomes_of_a_message_is_told,
    a_reply_changes_what_it_answers,
    a_reaction_says_whose_it_is,
    who_comes_and_goes_is_told,
    what_becomes_of_the_room_is_told,
    nothing_of_ones_own_is_told_to_others,
    ones_own_connections_are_told_as_well,
];

/// The next durable frame, whose rev must directly follow that of the last one.
async fn follows(socket: &mut Socket, rev: &mut i64) -> Value {
    let durable = ["message", "member", "room", "skip"];
    let what = format!("what follows rev {rev}");
    let frame = socket
        .finds(&what, |frame| {
            durable.contains(&frame["type"].as_str().unwrap())
        })
        .await;
    assert_eq!(frame["prev"], *rev, "{frame}");
    *rev += 1;
    assert_eq!(frame["rev"], *rev, "{frame}");
    frame
}

async fn rev(socket: &mut Socket, room: &str) -> i64 {
    socket.subscribes(room).await["rev"].as_i64().unwrap()
}

async fn what_is_posted_is_told(world: &mut World) {
    let Pair {
        ana,
        ben,
        room,
        mut a,
        mut b,
    } = pair(world).await;
    let (mut at_a, mut at_b) = (rev(&mut a, &room).await, rev(&mut b, &room).await);
    let by_rest = ana.posts(&room, "by REST").await;
    let by_socket = b.posts(&room, "by a socket").await;
    for (socket, at) in [(&mut a, &mut at_a), (&mut b, &mut at_b)] {
        for (posted, sender) in [(&by_rest, &ana), (&by_socket, &ben)] {
            let frame = follows(socket, at).await;
            assert_eq!(frame["type"], "message");
            assert_eq!(frame["op"], "created");
            assert_eq!(frame["roomId"], room.as_str());
            assert_eq!(id(&frame["message"]), id(posted));
            assert_eq!(frame["message"]["rev"], frame["rev"]);
            assert_eq!(frame["message"]["seq"], posted["seq"]);
            assert_eq!(frame["message"]["sender"]["id"], sender.id.as_str());
        }
    }
    assert_eq!(ana.reads(&room).await, ["by REST", "by a socket"]);
}

async fn what_becomes_of_a_message_is_told(world: &mut World) {
    let Pair {
        ana, room, mut b, ..
    } = pair(world).await;
    let path = format!("/api/messages/{}", id(&ana.posts(&room, "helo").await));
    b.next("message").await;
    let mut at = rev(&mut b, &room).await;

    ana.patch(&path, json!({ "content": "hello" }))
        .await
        .expect(200);
    let frame = follows(&mut b, &mut at).await;
    assert_eq!(frame["op"], "updated");
    assert_eq!(frame["message"]["content"], "hello");
    assert!(frame["message"]["editedAt"].is_string(), "{frame}");

    ana.put(&format!("{path}/pin")).await.expect(200);
    let frame = follows(&mut b, &mut at).await;
    assert_eq!(frame["op"], "updated");
    assert_eq!(frame["message"]["pinned"], true);

    ana.delete(&path).await.expect(200);
    let frame = follows(&mut b, &mut at).await;
    assert_eq!(frame["op"], "deleted");
    assert_eq!(frame["message"]["content"], Value::Null);
    assert!(frame["message"]["deletedAt"].is_string(), "{frame}");
}

async fn a_reply_changes_what_it_answers(world: &mut World) {
    let Pair {
        ana,
        ben,
        room,
        mut a,
        ..
    } = pair(world).await;
    let parent = ana.posts(&room, "who?").await["id"].clone();
    a.next("message").await;
    let mut at = rev(&mut a, &room).await;
    let reply = json!({ "content": "me", "replyTo": parent });
    ben.post(&format!("/api/rooms/{room}/messages"), reply)
        .await
        .expect(201);
    let mut two = [
        follows(&mut a, &mut at).await,
        follows(&mut a, &mut at).await,
    ];
    two.sort_by_key(|frame| frame["op"].as_str().unwrap().to_owned());
    let [created, updated] = two;
    assert_eq!(created["message"]["replyTo"], parent);
    assert_eq!(updated["op"], "updated");
    assert_eq!(updated["message"]["id"], parent);
    assert_eq!(updated["message"]["replyCount"], 1);
}

async fn a_reaction_says_whose_it_is(world: &mut World) {
    let Pair {
        ana,
        ben,
        room,
        mut a,
        mut b,
    } = pair(world).await;
    let message = ana.posts(&room, "hello").await["id"].clone();
    a.next("message").await;
    let mut at = rev(&mut a, &room).await;
    for on in [true, false] {
        let react = json!({ "type": "react", "messageId": message, "emoji": "👍", "on": on });
        b.ask(react.clone()).await.message();
        let frame = follows(&mut a, &mut at).await;
        assert_eq!(frame["op"], "updated");
        assert_eq!(
            frame["by"],
            json!({ "userId": ben.id, "emoji": "👍", "on": on })
        );
        let count = frame["message"]["reactions"].as_array().unwrap().len();
        assert_eq!(count, usize::from(on));
        // A change without effect causes no event.
        b.ask(react).await.message();
    }
    b.posts(&room, "next").await;
    let frame = follows(&mut a, &mut at).await;
    assert_eq!(frame["message"]["content"], "next");
    assert!(frame.get("by").is_none(), "{frame}");
}

async fn who_comes_and_goes_is_told(world: &mut World) {
    let Pair {
        ana,
        ben,
        room,
        mut a,
        ..
    } = pair(world).await;
    let mut at = rev(&mut a, &room).await;
    let carl = world.person("carl").await;
    let user = |person: &Person| format!("/api/rooms/{room}/users/{}", person.id);
    let mut told = async |who: &Person, op: &str| {
        let frame = follows(&mut a, &mut at).await;
        assert_eq!(frame["type"], "member", "{frame}");
        assert_eq!(frame["op"], op, "{frame}");
        let member = frame["member"].clone();
        assert_eq!(member["user"]["id"], who.id.as_str());
        assert_eq!(member["rev"], frame["rev"]);
        let gone = ["left", "kicked", "banned"].contains(&op);
        assert_eq!(member["leftAt"].is_string(), gone, "{frame}");
        assert!(member["user"].get("email").is_none(), "{frame}");
        member
    };

    carl.joins(&room).await;
    assert_eq!(told(&carl, "joined").await["role"], "member");
    let admin = json!({ "role": "admin" });
    ana.patch(&user(&ben), admin).await.expect(200);
    assert_eq!(told(&ben, "role").await["role"], "admin");
    carl.delete(&format!("/api/rooms/{room}/leave"))
        .await
        .expect_nothing();
    told(&carl, "left").await;
    carl.joins(&room).await;
    told(&carl, "joined").await;
    ben.delete(&user(&carl)).await.expect_nothing();
    told(&carl, "kicked").await;
    let ban = format!("{}?ban=true", user(&ben));
    ana.delete(&ban).await.expect_nothing();
    told(&ben, "banned").await;
}

async fn what_becomes_of_the_room_is_told(world: &mut World) {
    let Pair {
        ana, room, mut b, ..
    } = pair(world).await;
    let mut at = rev(&mut b, &room).await;
    let path = format!("/api/rooms/{room}");
    let change = json!({ "name": "salon", "description": "talk" });
    ana.patch(&path, change).await.expect(200);
    let frame = follows(&mut b, &mut at).await;
    assert_eq!([&frame["type"], &frame["op"]], ["room", "updated"]);
    assert_eq!(frame["room"]["name"], "salon");
    assert_eq!(frame["room"]["description"], "talk");
    assert_eq!(frame["room"]["rev"], frame["rev"]);

    ana.delete(&path).await.expect_nothing();
    let removed = b.next("room_removed").await;
    assert_eq!(
        removed,
        json!({ "type": "room_removed", "roomId": room, "reason": "deleted" })
    );
}

async fn nothing_of_ones_own_is_told_to_others(world: &mut World) {
    let Pair {
        ana,
        room,
        mut a,
        mut b,
        ..
    } = pair(world).await;
    ana.patch("/api/users/me", json!({ "profile": { "city": "Cádiz" } }))
        .await
        .expect(200);
    let sent = a.posts(&room, "hello, @ben").await;
    let react = json!({ "type": "react", "messageId": sent["id"], "emoji": "👍", "on": true });
    a.ask(react).await.message();
    ana.patch(&format!("/api/rooms/{room}"), json!({ "name": "salon" }))
        .await
        .expect(200);
    for socket in [&mut a, &mut b] {
        for _ in 0..2 {
            let message = socket.next("message").await["message"].clone();
            assert!(message.get("status").is_none(), "{message}");
            for reaction in message["reactions"].as_array().unwrap() {
                assert!(reaction.get("mine").is_none(), "{message}");
            }
        }
        let told = socket.next("room").await["room"].clone();
        for private in ["membership", "lastMessage", "inviteCode", "inviteUrl"] {
            assert!(told.get(private).is_none(), "{told}");
        }
    }
}

async fn ones_own_connections_are_told_as_well(world: &mut World) {
    let Pair {
        ana, room, mut a, ..
    } = pair(world).await;
    let mut others = Vec::new();
    for node in 0..world.nodes() {
        let mut other = ana.clone().at(&world.visitor_at(node)).connects().await;
        other.subscribes(&room).await;
        others.push(other);
    }
    let sent = a.posts(&room, "hello").await;
    for socket in others.iter_mut().chain([&mut a]) {
        assert_eq!(id(&socket.next("message").await["message"]), id(&sent));
    }
}
