//! Limits of the protocol.

use acceptance::{World, scenarios};
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;

use super::scene::{Pair, is, pair, says};

scenarios![
    with &[
        ("LIMIT_FRAMES", "60/10"),
        ("RATE_LIMIT_POINTS", "5"),
        ("RATE_LIMIT_DURATION", "600"),
    ];
    too_many_frames_are_refused_and_then_end_it,
    they_end_it_before_one_is_known_as_well,
    messages_have_one_limit_over_every_door,
    five_hundred_rooms_are_the_most,
];

async fn too_many_frames_are_refused_and_then_end_it(world: &mut World) {
    let Pair { mut a, mut b, .. } = pair(world).await;
    for id in 0..140 {
        let ping = json!({ "type": "ping", "id": id }).to_string();
        // It may be closed before the last of them is sent.
        if !b.tries(Message::text(ping)).await {
            break;
        }
    }
    b.ends_with(4029).await;
    let heard = b.kept();
    let pongs = heard.iter().filter(|it| is("pong")(it)).count();
    let refused: Vec<_> = heard.iter().filter(|it| is("error")(it)).collect();
    // One of them was used by subscribing, and some are restored as time passes.
    assert!((59..=80).contains(&pongs), "{pongs} were answered");
    assert!((40..=61).contains(&refused.len()), "{}", refused.len());
    for error in refused {
        assert_eq!(error["code"], "rate_limited");
        assert!(error["id"].is_u64(), "{error}");
        let wait = error["retryAfter"].as_u64().unwrap();
        assert!((1..=10).contains(&wait), "{error}");
    }
    a.so_far().await;
}

async fn they_end_it_before_one_is_known_as_well(world: &mut World) {
    let mut socket = world.visitor().opens(&[]).await;
    for _ in 0..140 {
        // It may be closed before the last of them is sent.
        if !socket.tries(Message::Ping("?".into())).await {
            break;
        }
    }
    socket.ends_with(4029).await;
}

async fn messages_have_one_limit_over_every_door(world: &mut World) {
    let Pair {
        ana,
        room,
        mut a,
        mut b,
        ..
    } = pair(world).await;
    for number in 0..5 {
        match number % 2 {
            0 => ana.posts(&room, "one more").await,
            _ => a.posts(&room, "one more").await,
        };
    }
    let send = json!({ "type": "send", "roomId": room, "content": "too much" });
    let refused = a.ask(send).await.refused("rate_limited");
    let wait = refused["retryAfter"].as_u64().unwrap();
    assert!((1..=600).contains(&wait), "{refused}");
    ana.tries_to_post(&room, "too much")
        .await
        .expect_problem(429, "rate_limited");
    b.posts(&room, "I may").await;
    a.hears_no(says("too much"), says("I may")).await;
}

async fn five_hundred_rooms_are_the_most(world: &mut World) {
    let ana = world.person("ana").await;
    let mut making = Vec::new();
    for part in 0..4 {
        let ana = ana.clone();
        making.push(tokio::spawn(async move {
            let mut rooms = Vec::new();
            for number in (0..502).filter(|number| number % 4 == part) {
                rooms.push(ana.makes_room(&number.to_string()).await);
            }
            rooms
        }));
    }
    let mut rooms = Vec::new();
    for made in making {
        rooms.extend(made.await.unwrap());
    }
    let (last, first) = rooms.split_last().unwrap();
    let all: Value = first
        .iter()
        .map(|room| (room.clone(), Value::Null))
        .collect();
    let mut a = ana.connects().await;
    let ack = a
        .ask(json!({ "type": "subscribe", "rooms": all }))
        .await
        .done();
    let told = ack["rooms"].as_object().unwrap();
    let refused: Vec<_> = told
        .iter()
        .filter(|(_, it)| it.get("code").is_some())
        .collect();
    assert_eq!(told.len(), 501);
    assert_eq!(refused.len(), 1, "{refused:?}");
    assert_eq!(*refused[0].1, json!({ "code": "too_many" }));

    // Existing subscriptions can be repeated, and unsubscribing makes room.
    let subscribed = first.iter().find(|room| *room != refused[0].0).unwrap();
    a.subscribes(subscribed).await;
    let more = json!({ "type": "subscribe", "rooms": { last: null } });
    let ack = a.ask(more.clone()).await.done();
    assert_eq!(ack["rooms"][last], json!({ "code": "too_many" }));
    a.ask(json!({ "type": "unsubscribe", "rooms": [subscribed] }))
        .await
        .done();
    let ack = a.ask(more).await.done();
    assert!(ack["rooms"][last]["rev"].is_i64(), "{ack}");
}
