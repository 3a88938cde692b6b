//! Delivered and read cursors, and unread counts.

use acceptance::{Person, World, scenarios};
use serde_json::{Value, json};

scenarios![
    reading_moves_the_cursors_forward_only,
    everything_is_read_at_once,
    the_sender_sees_how_far_it_got,
    receipts_name_who_read,
    a_cursor_stays_within_its_room,
];

async fn pair(world: &World) -> (Person, Person, String) {
    let (ana, ben) = (world.person("ana").await, world.person("ben").await);
    let room = ana.makes_room("tertulia").await;
    ben.joins(&room).await;
    for number in 1..=3 {
        ana.posts(&room, &number.to_string()).await;
    }
    (ana, ben, room)
}

async fn unread(person: &Person, room: &str) -> Value {
    person.sees(room).await["membership"]["unread"].clone()
}

async fn reading_moves_the_cursors_forward_only(world: &mut World) {
    let (ana, ben, room) = pair(world).await;
    assert_eq!(unread(&ben, &room).await, 3);
    assert_eq!(unread(&ana, &room).await, 0, "one has read what one wrote");

    let reads = async |path: &str, seq: i64| {
        ben.post(path, json!({ "roomId": room, "seq": seq }))
            .await
            .expect(200)
    };
    let moved = reads("/api/messages/delivered", 3).await;
    assert_eq!(moved, json!({ "readSeq": 0, "deliveredSeq": 3 }));
    let moved = reads("/api/messages/read", 2).await;
    assert_eq!(moved, json!({ "readSeq": 2, "deliveredSeq": 3 }));
    let back = reads("/api/messages/read", 1).await;
    assert_eq!(back, moved, "forward only");
    assert_eq!(unread(&ben, &room).await, 1);
}

async fn everything_is_read_at_once(world: &mut World) {
    let (_ana, ben, room) = pair(world).await;
    let moved = ben
        .put(&format!("/api/messages/read/{room}"))
        .await
        .expect(200);
    assert_eq!(moved, json!({ "readSeq": 3, "deliveredSeq": 3 }));
    assert_eq!(unread(&ben, &room).await, 0);
}

async fn the_sender_sees_how_far_it_got(world: &mut World) {
    let (ana, ben, room) = pair(world).await;
    let statuses = async || -> Vec<String> {
        let page = ana
            .get(&format!("/api/rooms/{room}/messages"))
            .await
            .expect(200);
        page["messages"]
            .as_array()
            .unwrap()
            .iter()
            .map(|message| message["status"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(statuses().await, ["sent", "sent", "sent"]);
    ben.post(
        "/api/messages/delivered",
        json!({ "roomId": room, "seq": 2 }),
    )
    .await
    .expect(200);
    ben.post("/api/messages/read", json!({ "roomId": room, "seq": 1 }))
        .await
        .expect(200);
    assert_eq!(statuses().await, ["sent", "delivered", "read"]);
}

async fn receipts_name_who_read(world: &mut World) {
    let (ana, ben, room) = pair(world).await;
    let page = ana
        .get(&format!("/api/rooms/{room}/messages?limit=1"))
        .await
        .expect(200);
    let id = page["messages"][0]["id"].as_str().unwrap();
    let body = json!({ "roomId": room, "messageId": id });
    ben.post("/api/messages/read", body).await.expect(200);
    let receipts = ana
        .get(&format!("/api/messages/{id}/receipts"))
        .await
        .expect(200);
    assert_eq!(receipts["readBy"][0]["userId"], ben.id.as_str());
    assert_eq!(receipts["deliveredTo"][0]["userId"], ben.id.as_str());
    assert_eq!(
        receipts["readBy"].as_array().unwrap().len(),
        1,
        "without the sender"
    );
}

async fn a_cursor_stays_within_its_room(world: &mut World) {
    let (ana, ben, room) = pair(world).await;
    let other = ana.makes_room("other").await;
    let elsewhere = ana.posts(&other, "elsewhere").await["id"].clone();
    let fields = async |body: Value| ben.post("/api/messages/read", body).await.expect_fields();
    assert_eq!(fields(json!({ "roomId": room, "seq": 4 })).await, ["seq"]);
    assert_eq!(
        fields(json!({ "roomId": room, "messageId": elsewhere })).await,
        ["messageId"]
    );
    assert_eq!(
        fields(json!({ "roomId": "x", "seq": "1" })).await,
        ["roomId", "seq"]
    );
    let neither = fields(json!({ "roomId": room })).await;
    assert_eq!(neither.len(), 1, "{neither:?}");
    ben.post("/api/messages/read", json!({ "roomId": other, "seq": 1 }))
        .await
        .expect_problem(403, "forbidden");
}
