//! Every command, and its response.

use acceptance::{World, scenarios, until};
use serde_json::{Value, json};
use uuid::Uuid;

use super::scene::{Pair, id, is, pair};

scenarios![
    a_message_is_sent_changed_and_deleted,
    a_repeat_is_the_same_message,
    a_reaction_is_given_and_taken_back,
    cursors_move,
    people_who_are_here_are_named,
    a_subscription_ends,
    a_ping_is_answered,
    without_an_id_nothing_is_answered,
    ids_are_repeated_as_they_are,
    refusals_have_the_codes_of_rest,
];

async fn a_message_is_sent_changed_and_deleted(world: &mut World) {
    let Pair {
        ana, room, mut a, ..
    } = pair(world).await;
    let send =
        json!({ "type": "send", "roomId": room, "content": " hello ", "clientId": Uuid::now_v7() });
    let message = a.ask(send.clone()).await.message();
    assert_eq!(message["content"], "hello");
    assert_eq!(message["seq"], 1);
    assert_eq!(message["clientId"], send["clientId"]);
    assert_eq!(message["status"], "sent");
    assert_eq!(message["sender"]["username"], "ana");
    let path = format!("/api/messages/{}", id(&message));
    assert_eq!(ana.get(&path).await.expect(200), message);

    let edit = json!({ "type": "edit", "messageId": message["id"], "content": "hello, you" });
    let edited = a.ask(edit).await.message();
    assert_eq!(edited["content"], "hello, you");
    assert_eq!(edited["rev"], message["rev"].as_i64().unwrap() + 1);
    assert_eq!(ana.get(&path).await.expect(200), edited);

    let reply =
        json!({ "type": "send", "roomId": room, "content": "and you?", "replyTo": message["id"] });
    let reply = a.ask(reply).await.message();
    assert_eq!(reply["replyTo"], message["id"]);

    let delete = json!({ "type": "delete", "messageId": message["id"] });
    let deleted = a.ask(delete.clone()).await.message();
    assert_eq!(deleted["content"], Value::Null);
    assert!(deleted["deletedAt"].is_string(), "{deleted}");
    let again = a.ask(delete).await.message();
    assert_eq!(again, deleted);
}

async fn a_repeat_is_the_same_message(world: &mut World) {
    let Pair {
        ana,
        room,
        mut a,
        mut b,
        ..
    } = pair(world).await;
    let mut other = ana.connects().await;
    let name = Uuid::now_v7();
    let send = json!({ "type": "send", "roomId": room, "content": "once", "clientId": name });
    // Two at once, then one more, and one over REST.
    let ids = (a.asks(send.clone()).await, other.asks(send.clone()).await);
    let one = a.reply(ids.0, send.clone()).await.message();
    let two = other.reply(ids.1, send.clone()).await.message();
    let three = a.ask(send.clone()).await.message();
    let four = ana.posts_as(&room, name, "once").await.expect(200);
    assert_eq!([&two, &three, &four].map(id), [&one, &one, &one].map(id));
    assert_eq!(ana.reads(&room).await, ["once"]);

    let mut changed = send;
    changed["content"] = json!("twice");
    a.ask(changed).await.refused("conflict");
    b.next("message").await;
    a.posts(&room, "next").await;
    b.hears_no(
        |frame| frame["message"]["content"] == "once",
        |frame| frame["message"]["content"] == "next",
    )
    .await;
}

async fn a_reaction_is_given_and_taken_back(world: &mut World) {
    let Pair {
        ana, room, mut a, ..
    } = pair(world).await;
    let sent = ana.posts(&room, "hello").await;
    let react =
        |on: bool| json!({ "type": "react", "messageId": sent["id"], "emoji": "👍", "on": on });
    let given = a.ask(react(true)).await.message();
    assert_eq!(
        given["reactions"],
        json!([{ "emoji": "👍", "count": 1, "mine": true }])
    );
    let taken = a.ask(react(false)).await.message();
    assert_eq!(taken["reactions"], json!([]));
}

async fn cursors_move(world: &mut World) {
    let Pair {
        ana,
        ben,
        room,
        mut b,
        ..
    } = pair(world).await;
    for number in 1..=3 {
        ana.posts(&room, &number.to_string()).await;
    }
    let moves = |kind: &str, seq: i64| json!({ "type": kind, "roomId": room, "seq": seq });
    for (kind, seq, read, delivered) in
        [("delivered", 3, 0, 3), ("read", 2, 2, 3), ("read", 1, 2, 3)]
    {
        let ack = b.ask(moves(kind, seq)).await.done();
        assert_eq!(
            [&ack["readSeq"], &ack["deliveredSeq"]],
            [&json!(read), &json!(delivered)],
            "{kind} {seq}"
        );
    }
    assert_eq!(b.ask(moves("read", 4)).await.fields(), ["seq"]);
    assert_eq!(ben.sees(&room).await["membership"]["unread"], 1);
}

async fn people_who_are_here_are_named(world: &mut World) {
    let Pair {
        ana,
        ben,
        room,
        mut a,
        ..
    } = pair(world).await;
    let carl = world.person("carl").await;
    carl.joins(&room).await;
    let mut expected = [ana.id, ben.id].map(Value::from);
    expected.sort_by_key(|id| id.as_str().unwrap().to_owned());
    until("both are online", async || {
        let ack = a
            .ask(json!({ "type": "presence", "roomId": room }))
            .await
            .done();
        let mut online = ack["online"].as_array().unwrap().clone();
        online.sort_by_key(|id| id.as_str().unwrap().to_owned());
        ack["count"] == 2 && online == expected
    })
    .await;
}

async fn a_subscription_ends(world: &mut World) {
    let Pair {
        ana,
        room,
        mut a,
        mut b,
        ..
    } = pair(world).await;
    let other = ana.makes_room("other").await;
    a.subscribes(&other).await;
    let unsubscribe = json!({ "type": "unsubscribe", "rooms": [room, Uuid::now_v7()] });
    a.ask(unsubscribe.clone()).await.done();
    a.ask(unsubscribe).await.done();
    ana.posts(&room, "not for this connection").await;
    ana.posts(&other, "but this").await;
    let heard = a
        .hears_no(|frame| frame["roomId"] == room.as_str(), is("message"))
        .await;
    assert_eq!(heard["roomId"], other.as_str());
    assert_eq!(
        b.next("message").await["message"]["content"],
        "not for this connection"
    );
}

async fn a_ping_is_answered(world: &mut World) {
    let Pair { mut a, .. } = pair(world).await;
    let pong = a.ask(json!({ "type": "ping" })).await.of("pong");
    assert_eq!(pong, json!({ "type": "pong", "id": pong["id"] }));
    a.tells(json!({ "type": "ping" })).await;
    assert_eq!(a.next("pong").await, json!({ "type": "pong" }));
}

async fn without_an_id_nothing_is_answered(world: &mut World) {
    let Pair { room, mut a, .. } = pair(world).await;
    a.tells(json!({ "type": "send", "roomId": room, "content": "hello" }))
        .await;
    a.hears_no(is("ack"), is("message")).await;
    a.tells(json!({ "type": "send", "roomId": room, "content": "" }))
        .await;
    let error = a.next("error").await;
    assert_eq!(error["code"], "invalid");
    assert_eq!(error["errors"][0]["field"], "content");
    assert!(error.get("id").is_none(), "{error}");
    a.tells(json!({ "type": "ping" })).await;
    a.hears_no(is("ack"), is("pong")).await;
}

async fn ids_are_repeated_as_they_are(world: &mut World) {
    let Pair { mut a, .. } = pair(world).await;
    for good in [json!(0), json!(7), json!(9_007_199_254_740_991_u64)] {
        a.tells(json!({ "type": "ping", "id": good })).await;
        assert_eq!(a.next("pong").await["id"], good);
    }
    for bad in [
        json!(-1),
        json!(9_007_199_254_740_992_u64),
        json!(1.5),
        json!("1"),
        json!([1]),
        json!(true),
    ] {
        a.tells(json!({ "type": "ping", "id": bad })).await;
        let error = a.next("error").await;
        assert_eq!(error["code"], "invalid", "{bad}");
        assert_eq!(error["errors"][0]["field"], "id", "{bad}");
        assert!(error.get("id").is_none(), "{bad}: {error}");
    }
}

async fn refusals_have_the_codes_of_rest(world: &mut World) {
    let Pair {
        ana,
        ben,
        room,
        mut b,
        ..
    } = pair(world).await;
    let stage = ana.makes_room("stage").await;
    let den = ana.makes(json!({ "name": "den", "isPrivate": true })).await;
    let said = ana.posts(&room, "mine").await;
    let gone = id(&ben.posts(&room, "gone").await);
    ben.delete(&format!("/api/messages/{gone}"))
        .await
        .expect(200);

    let send = |room: &str| json!({ "type": "send", "roomId": room, "content": "x" });
    let typing = |room: &str| json!({ "type": "typing", "roomId": room, "on": true });
    let edit = |message: &str| json!({ "type": "edit", "messageId": message, "content": "x" });
    let nobody = Uuid::now_v7().to_string();
    for (frame, code) in [
        (send(&stage), "forbidden"),
        (send(&den), "not_found"),
        (send(&nobody), "not_found"),
        (typing(&stage), "forbidden"),
        (typing(&den), "not_found"),
        (json!({ "type": "presence", "roomId": stage }), "forbidden"),
        (
            json!({ "type": "read", "roomId": stage, "seq": 0 }),
            "forbidden",
        ),
        (edit(&id(&said)), "forbidden"),
        (edit(&nobody), "not_found"),
        (edit(&gone), "message_deleted"),
        (
            json!({ "type": "delete", "messageId": said["id"] }),
            "forbidden",
        ),
        (
            json!({ "type": "react", "messageId": gone, "emoji": "👍", "on": true }),
            "message_deleted",
        ),
    ] {
        b.ask(frame).await.refused(code);
    }
    assert_eq!(ana.reads(&room).await, ["mine", ""]);
}
