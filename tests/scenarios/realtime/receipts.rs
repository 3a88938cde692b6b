//! Delivery and read receipts.

use acceptance::{Person, World, scenarios, until};
use serde_json::{Value, json};

use super::scene::{Pair, is, last_rev, pair, says};

scenarios![
    the_others_are_told_how_far_one_read,
    what_was_not_delivered_is_delivered_by_subscribing,
    a_cursor_that_stays_is_not_told,
];

fn receipt(room: &str, who: &Person, read: i64, delivered: i64) -> Value {
    json!({
        "type": "receipt", "roomId": room, "userId": who.id, "readSeq": read, "deliveredSeq": delivered
    })
}

fn of(who: &Person) -> impl Fn(&Value) -> bool {
    let id = who.id.clone();
    move |frame| frame["type"] == "receipt" && frame["userId"] == id.as_str()
}

async fn the_others_are_told_how_far_one_read(world: &mut World) {
    let Pair {
        ana,
        ben,
        room,
        mut a,
        mut b,
    } = pair(world).await;
    for number in 1..=3 {
        ana.posts(&room, &number.to_string()).await;
    }
    b.ask(json!({ "type": "delivered", "roomId": room, "seq": 2 }))
        .await
        .done();
    assert_eq!(a.finds("ben's", of(&ben)).await, receipt(&room, &ben, 0, 2));
    // Over REST, too.
    let body = json!({ "roomId": room, "seq": 1 });
    ben.post("/api/messages/read", body).await.expect(200);
    assert_eq!(a.finds("ben's", of(&ben)).await, receipt(&room, &ben, 1, 2));
    ben.put(&format!("/api/messages/read/{room}"))
        .await
        .expect(200);
    assert_eq!(a.finds("ben's", of(&ben)).await, receipt(&room, &ben, 3, 3));
}

async fn what_was_not_delivered_is_delivered_by_subscribing(world: &mut World) {
    let Pair {
        ana,
        ben,
        room,
        mut a,
        b,
    } = pair(world).await;
    let since = last_rev(&ben, &room).await;
    drop(b);
    for number in 1..=3 {
        a.posts(&room, &number.to_string()).await;
    }
    let status = async || {
        let page = format!("/api/rooms/{room}/messages?limit=1");
        ana.get(&page).await.expect(200)["messages"][0]["status"].clone()
    };
    assert_eq!(status().await, "sent");

    let mut b = ben.connects().await;
    let told = b.resumes(&room, Some(since)).await;
    assert_eq!(
        [&told["seq"], &told["readSeq"], &told["deliveredSeq"]],
        [&json!(3), &json!(0), &json!(0)]
    );
    let texts: Vec<_> = b
        .kept()
        .into_iter()
        .filter(is("message"))
        .map(|frame| frame["message"]["content"].clone())
        .collect();
    assert_eq!(texts, ["1", "2", "3"]);
    let delivered = json!({ "type": "delivered", "roomId": room, "seq": 3 });
    b.ask(delivered).await.done();
    a.finds("ben's", of(&ben)).await;
    until("it is delivered", async || status().await == "delivered").await;
}

async fn a_cursor_that_stays_is_not_told(world: &mut World) {
    let Pair {
        ana,
        ben,
        room,
        mut a,
        mut b,
    } = pair(world).await;
    ana.posts(&room, "1").await;
    let read = json!({ "type": "read", "roomId": room, "seq": 1 });
    b.ask(read.clone()).await.done();
    a.finds("ben's", of(&ben)).await;
    b.ask(read).await.done();
    ana.posts(&room, "next").await;
    a.hears_no(of(&ben), says("next")).await;
}
