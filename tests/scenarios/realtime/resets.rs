//! Resets: when too much was missed, or the client's state is useless.

use acceptance::{Person, Replica, World, scenarios};
use serde_json::{Value, json};

use super::scene::{Pair, fill, last_rev, pair};

scenarios![
    a_rev_that_the_room_never_had_is_reset,
    another_epoch_is_reset,
    a_thousand_changes_are_replayed_and_no_more,
    five_thousand_are_the_most_of_one_subscribe,
];

async fn subscribe(person: &Person, frame: Value) -> (Value, Vec<Value>) {
    let mut socket = person.connects().await;
    let ack = socket.ask(frame).await.done();
    (ack["rooms"].clone(), socket.replayed())
}

async fn a_rev_that_the_room_never_had_is_reset(world: &mut World) {
    let Pair { ana, ben, room, .. } = pair(world).await;
    ana.posts(&room, "hello").await;
    let rev = last_rev(&ben, &room).await;
    for since in [rev + 1, 9_007_199_254_740_991] {
        let frame = json!({ "type": "subscribe", "rooms": { &room: since } });
        let (told, replayed) = subscribe(&ben, frame).await;
        assert_eq!(told[&room]["reset"], true, "{told}");
        assert_eq!(told[&room]["rev"], rev, "{told}");
        assert_eq!(told[&room]["replayed"], 0, "{told}");
        assert_eq!(replayed, [Value::Null; 0]);
    }
}

async fn another_epoch_is_reset(world: &mut World) {
    let Pair { ana, ben, room, .. } = pair(world).await;
    let mut b = ben.connects().await;
    ana.posts(&room, "hello").await;
    let events = format!("/api/rooms/{room}/events?since=0");
    let epoch = ana.get(&events).await.expect(200)["epoch"].clone();
    for (epoch, reset) in [
        (epoch, false),
        (json!("another"), true),
        (json!(""), true),
        (json!(" "), true),
    ] {
        let frame = json!({ "type": "subscribe", "rooms": { &room: 0 }, "epoch": epoch });
        let (told, replayed) = subscribe(&ben, frame.clone()).await;
        assert_eq!(told[&room]["reset"], reset, "{told}");
        assert_eq!(replayed.is_empty(), reset);
        b.ask(frame).await.done();
    }
    // It is subscribed nevertheless.
    b.replayed();
    ana.posts(&room, "more").await;
    assert_eq!(b.next("message").await["message"]["content"], "more");
}

async fn a_thousand_changes_are_replayed_and_no_more(world: &mut World) {
    let ana = world.person("ana").await;
    let room = ana.makes_room("tertulia").await;
    let since = last_rev(&ana, &room).await;
    let mut a = ana.connects().await;
    fill(&mut a, &room, 1001).await;

    let mut replica = Replica::of(&[&room]);
    let mut socket = ana.connects().await;
    let told = socket.resumes(&room, Some(since + 1)).await;
    assert_eq!(told["replayed"], 1000, "{told}");
    assert_eq!(told["reset"], false, "{told}");
    assert_eq!(socket.replayed().len(), 1000);

    let told = socket.resumes(&room, Some(since)).await;
    assert_eq!(told["reset"], true, "{told}");
    assert_eq!(told["replayed"], 0, "{told}");
    assert_eq!(told["rev"], since + 1001);
    assert_eq!(socket.replayed(), [Value::Null; 0]);

    // The client reloads over REST, and resumes from there.
    let ack = socket.ask(replica.subscribe()).await.done();
    replica.subscribed(&ack);
    replica.reload(&room, &ana).await;
    ana.posts(&room, "more").await;
    replica.take(&socket.next("message").await);
    replica.must_equal_history(&room, &ana).await;
}

async fn five_thousand_are_the_most_of_one_subscribe(world: &mut World) {
    let ana = world.person("ana").await;
    let mut a = ana.connects().await;
    let mut rooms = Vec::new();
    for number in 0..6 {
        let room = ana.makes_room(&number.to_string()).await;
        fill(&mut a, &room, 900).await;
        rooms.push(room);
    }
    let since: Value = rooms.iter().map(|room| (room.clone(), json!(0))).collect();
    let frame = json!({ "type": "subscribe", "rooms": since });
    let (told, replayed) = subscribe(&ana, frame).await;
    let (mut whole, mut reset) = (0, 0);
    for room in &rooms {
        let heard = replayed.iter().filter(|it| it["roomId"] == room.as_str());
        assert_eq!(told[room]["replayed"], heard.count(), "{told}");
        if told[room]["reset"] == true {
            assert_eq!(told[room]["replayed"], 0, "{told}");
            reset += 1;
        } else {
            whole += 1;
        }
    }
    assert!(replayed.len() <= 5000);
    assert_eq!((whole, reset), (5, 1));
}
