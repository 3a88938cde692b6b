//! Notifications of users who are away.

use std::sync::LazyLock;

use acceptance::{Receiver, World, scenarios};
use serde_json::{Value, json};

/// One receiver per process, which runs a single scenario.
static RECEIVER: LazyLock<Receiver> = LazyLock::new(Receiver::start);

fn url() -> &'static str {
    RECEIVER.url()
}

scenarios![
    with &[
        ("TERTULIA_NOTIFICATIONS__WEBHOOK_URL", crate::notifications::url()),
        ("TERTULIA_NOTIFICATIONS__WEBHOOK_SECRET", "a secret that both sides know of"),
        ("TERTULIA_NOTIFICATIONS__DELAY", "1s"),
    ];
    whoever_is_away_is_told_and_nobody_who_is_present,
    what_came_meanwhile_is_delivered_in_order_and_the_sender_sees_it,
];

async fn whoever_is_away_is_told_and_nobody_who_is_present(world: &mut World) {
    let (ana, ben, cyd) = (
        world.person("ana").await,
        world.person("ben").await,
        world.person("cyd").await,
    );
    let garden = ana.makes_room("garden").await;
    ben.joins(&garden).await;
    cyd.joins(&garden).await;
    let socket = cyd.connects().await;

    // Both are due at the same time: he is notified of one of them, and whichever it is.
    let first = ana.posts(&garden, "the beans are up").await;
    let second = ana.posts(&garden, "all of them").await;
    let heard = RECEIVER.hears(1).await;
    let told = |one: &Value| {
        let fields = ["userId", "reason", "messageId"];
        fields.map(|name| one[name].as_str().unwrap().to_owned())
    };
    let of = |message| [&*ben.id, "message", id(message)];
    let one = told(&heard[0]);
    assert!(one == of(&first) || one == of(&second), "{one:?}");
    assert_eq!(heard[0]["roomName"], "garden");

    // What concerns him is sent although he has been notified of the room. The last notification proves that
    // nothing else was sent.
    let mention = ana.posts(&garden, "look, @ben").await;
    let heard = RECEIVER.hears(2).await;
    assert_eq!(told(&heard[1]), [&*ben.id, "mention", id(&mention)]);
    let read = format!("/api/messages/read/{garden}");
    ben.put(&read).await.expect(200);
    let last = ana.posts(&garden, "and the peas").await;
    let heard = RECEIVER.hears(3).await;
    assert_eq!(told(&heard[2]), [&*ben.id, "message", id(&last)]);
    assert_eq!(heard.len(), 3, "{heard:?}");
    drop(socket);
}

async fn what_came_meanwhile_is_delivered_in_order_and_the_sender_sees_it(world: &mut World) {
    let (ana, ben) = (world.person("ana").await, world.person("ben").await);
    let chat = json!({ "participantIds": [ben.id] });
    let room = ana.post("/api/chat", chat).await.expect(201);
    let room = id(&room);
    let texts: Vec<String> = (1..=5).map(|number| format!("number {number}")).collect();
    for text in &texts {
        ana.posts(room, text).await;
    }
    let heard = RECEIVER.hears(1).await;
    assert_eq!(heard[0]["reason"], "direct");

    let mut hers = ana.connects().await;
    let subscribe = json!({ "type": "subscribe", "rooms": { room: null } });
    hers.ask(subscribe).await.done();
    let mut his = ben.connects().await;
    let from_the_beginning = json!({ "type": "subscribe", "rooms": { room: 0 } });
    his.tells(from_the_beginning).await;
    for text in &texts {
        let frame = his.next("message").await;
        assert_eq!(frame["message"]["content"], json!(text));
    }

    // Subscribing has delivered them, but not marked them as read.
    let statuses = async || -> Vec<String> {
        let page = ana.get(&format!("/api/rooms/{room}/messages")).await;
        let page = page.expect(200);
        let messages = page["messages"].as_array().unwrap();
        let status = |message: &Value| message["status"].as_str().unwrap().to_owned();
        messages.iter().map(status).collect()
    };
    let receipt = |field: &'static str| {
        let ben = json!(ben.id);
        move |frame: &Value| {
            frame["type"] == "receipt" && frame["userId"] == ben && frame[field] == 5
        }
    };
    let delivered = json!({ "roomId": room, "seq": 5 });
    ben.post("/api/messages/delivered", delivered)
        .await
        .expect(200);
    hers.finds("that it was delivered", receipt("deliveredSeq"))
        .await;
    assert_eq!(statuses().await, ["delivered"; 5]);
    ben.put(&format!("/api/messages/read/{room}"))
        .await
        .expect(200);
    hers.finds("that it was read", receipt("readSeq")).await;
    assert_eq!(statuses().await, ["read"; 5]);
}

fn id(thing: &Value) -> &str {
    thing["id"].as_str().unwrap()
}
