//! Resuming: nothing is lost and nothing duplicated.

use acceptance::{Person, Replica, Socket, World, scenarios};
use serde_json::{Value, json};

use super::scene::{Pair, fill, id, is, last_rev, pair};

scenarios![
    what_was_missed_comes_before_the_ack,
    from_now_on_is_from_now_on,
    what_was_changed_often_comes_once,
    what_was_deleted_does_not_come_back,
    subscribing_again_starts_anew,
    several_rooms_are_resumed_together,
    replays_run_one_after_another,
    every_resume_is_authorised,
    nothing_falls_between_replay_and_live,
];

/// The revs of consecutive frames, the first of which must follow this rev.
fn revs(frames: &[Value], mut after: i64) -> Vec<i64> {
    let mut revs = Vec::new();
    for frame in frames {
        assert_eq!(frame["prev"], after, "{frame}");
        let rev = frame["rev"].as_i64().unwrap();
        assert!(rev > after, "{frame}");
        revs.push(rev);
        after = rev;
    }
    revs
}

async fn what_was_missed_comes_before_the_ack(world: &mut World) {
    let Pair {
        ana, ben, room, b, ..
    } = pair(world).await;
    let since = last_rev(&ben, &room).await;
    drop(b);
    for number in 1..=5 {
        ana.posts(&room, &number.to_string()).await;
    }
    let carl = world.person("carl").await;
    carl.joins(&room).await;
    ana.patch(&format!("/api/rooms/{room}"), json!({ "name": "salon" }))
        .await
        .expect(200);

    let mut b = ben.connects().await;
    let told = b.resumes(&room, Some(since)).await;
    let replayed = b.replayed();
    assert_eq!(
        told,
        json!({
            "rev": since + 7, "seq": 5, "readSeq": 0, "deliveredSeq": 0, "replayed": 7, "reset": false
        })
    );
    let kinds: Vec<_> = replayed.iter().map(|frame| &frame["type"]).collect();
    let messages = ["message"; 5];
    assert_eq!(kinds[..5], messages);
    assert_eq!(kinds[5..], ["member", "room"]);
    assert_eq!(
        revs(&replayed, since),
        (since + 1..=since + 7).collect::<Vec<_>>()
    );
    assert!(replayed[..5].iter().all(|frame| frame["op"] == "created"));

    ana.posts(&room, "live").await;
    let live = b.next("message").await;
    assert_eq!(live["prev"], told["rev"]);
}

async fn from_now_on_is_from_now_on(world: &mut World) {
    let Pair { ana, ben, room, .. } = pair(world).await;
    ana.posts(&room, "before").await;
    let mut b = ben.connects().await;
    let told = b.subscribes(&room).await;
    let rev = last_rev(&ben, &room).await;
    assert_eq!([&told["rev"], &told["replayed"]], [&json!(rev), &json!(0)]);
    assert_eq!(told["reset"], false);
    assert_eq!(b.replayed(), [Value::Null; 0]);
    ana.posts(&room, "after").await;
    let heard = b.next("message").await;
    assert_eq!(heard["prev"], rev);
    assert_eq!(heard["message"]["content"], "after");
}

async fn what_was_changed_often_comes_once(world: &mut World) {
    let Pair { ana, ben, room, .. } = pair(world).await;
    let since = last_rev(&ben, &room).await;
    let path = format!("/api/messages/{}", id(&ana.posts(&room, "0").await));
    for number in 1..=3 {
        ana.patch(&path, json!({ "content": number.to_string() }))
            .await
            .expect(200);
    }
    let mut b = ben.connects().await;
    let told = b.resumes(&room, Some(since)).await;
    let replayed = b.replayed();
    assert_eq!(told["rev"], since + 4);
    assert_eq!(*revs(&replayed, since).last().unwrap(), since + 4);
    let last = replayed.last().unwrap();
    assert_eq!(last["op"], "updated");
    assert_eq!(last["message"]["content"], "3");
}

async fn what_was_deleted_does_not_come_back(world: &mut World) {
    let Pair { ana, ben, room, .. } = pair(world).await;
    let since = last_rev(&ben, &room).await;
    let gone = ana.posts(&room, "hush").await;
    ana.delete(&format!("/api/messages/{}", id(&gone)))
        .await
        .expect(200);
    let mut b = ben.connects().await;
    b.resumes(&room, Some(0)).await;
    let replayed = b.replayed();
    let last = replayed.last().unwrap();
    assert_eq!([&last["type"], &last["op"]], ["message", "deleted"]);
    assert_eq!(last["message"]["content"], Value::Null);
    assert!(!replayed.iter().any(|it| it.to_string().contains("hush")));
    // However recent it is.
    b.resumes(&room, Some(since)).await;
    let replayed = b.replayed();
    assert_eq!(replayed.last().unwrap()["op"], "deleted");
    assert!(!replayed.iter().any(|it| it.to_string().contains("hush")));
}

async fn subscribing_again_starts_anew(world: &mut World) {
    let Pair {
        ana,
        ben,
        room,
        mut b,
        ..
    } = pair(world).await;
    let since = last_rev(&ben, &room).await;
    for number in 1..=3 {
        ana.posts(&room, &number.to_string()).await;
        b.next("message").await;
    }
    for missed in [3, 1, 0] {
        let told = b.resumes(&room, Some(since + 3 - missed)).await;
        assert_eq!(told["replayed"], missed);
        assert_eq!(
            revs(&b.replayed(), since + 3 - missed).len(),
            usize::try_from(missed).unwrap()
        );
    }
    // Live frames arrive once.
    ana.posts(&room, "4").await;
    b.next("message").await;
    assert!(!b.so_far().await.iter().any(is("message")));
}

async fn several_rooms_are_resumed_together(world: &mut World) {
    let ana = world.person("ana").await;
    let ben = world.person("ben").await;
    let rooms = [
        ana.makes_room("one").await,
        ana.makes_room("two").await,
        ana.makes_room("three").await,
    ];
    for room in &rooms {
        ben.joins(room).await;
        ana.posts(room, "hello").await;
    }
    let mut replica = Replica::of(&rooms.each_ref().map(String::as_str));
    let mut b = ben.connects().await;
    let ack = b.ask(replica.subscribe()).await.done();
    for frame in b.replayed() {
        replica.take(&frame);
    }
    replica.subscribed(&ack);
    for room in &rooms {
        replica.must_equal_history(room, &ben).await;
    }
}

async fn replays_run_one_after_another(world: &mut World) {
    let ana = world.person("ana").await;
    let mut a = ana.connects().await;
    let mut rooms = Vec::new();
    for name in ["one", "two", "three"] {
        let room = ana.makes_room(name).await;
        fill(&mut a, &room, 120).await;
        rooms.push(room);
    }
    let mut socket = ana.connects().await;
    let mut asked = Vec::new();
    for room in &rooms {
        let frame = json!({ "type": "subscribe", "rooms": { room: 0 } });
        asked.push(socket.asks(frame).await);
    }
    for (id, room) in asked.into_iter().zip(&rooms) {
        let ack = socket.reply(id, json!("subscribe")).await.done();
        let replayed = socket.replayed();
        assert_eq!(ack["rooms"][room]["replayed"], replayed.len());
        assert!(
            replayed
                .iter()
                .all(|frame| frame["roomId"] == room.as_str())
        );
        assert!(revs(&replayed, 0).len() >= 120);
    }
}

async fn every_resume_is_authorised(world: &mut World) {
    let Pair {
        ana, ben, room, b, ..
    } = pair(world).await;
    let since = last_rev(&ben, &room).await;
    let other = ana.makes_room("other").await;
    ben.joins(&other).await;
    drop(b);
    let user = format!("/api/rooms/{room}/users/{}", ben.id);
    ana.delete(&user).await.expect_nothing();
    ana.posts(&room, "without him").await;

    let mut b = ben.connects().await;
    let frame = json!({ "type": "subscribe", "rooms": { &room: since, &other: 0 } });
    let ack = b.ask(frame).await.done();
    assert_eq!(ack["rooms"][&room], json!({ "code": "forbidden" }));
    assert!(ack["rooms"][&other]["rev"].is_i64(), "{ack}");
    let heard = b.replayed();
    assert!(!heard.iter().any(|it| it["roomId"] == room.as_str()));
}

/// Connects, resumes and takes some frames, this many times, and then until everything has arrived.
async fn comes_and_goes(person: Person, room: String, expected: usize) -> Replica {
    let mut replica = Replica::of(&[&room]);
    for round in 0.. {
        let mut socket = person.connects().await;
        resume(&mut socket, &mut replica).await;
        let mut taken = 0;
        while replica.messages(&room).len() < expected && (round >= 20 || taken < 7) {
            replica.take(&socket.finds("more", |_| true).await);
            taken += 1;
        }
        if replica.messages(&room).len() == expected {
            break;
        }
    }
    replica
}

async fn resume(socket: &mut Socket, replica: &mut Replica) {
    let ack = socket.ask(replica.subscribe()).await.done();
    for frame in socket.replayed() {
        replica.take(&frame);
    }
    replica.subscribed(&ack);
}

async fn nothing_falls_between_replay_and_live(world: &mut World) {
    let (ana, ben) = (world.person("ana").await, world.person("ben").await);
    let room = ana.makes_room("tertulia").await;
    let mut comers = Vec::new();
    for number in 0..4 {
        let comer = world.person(&format!("comer{number}")).await;
        comer.joins(&room).await;
        comers.push(tokio::spawn(comes_and_goes(comer, room.clone(), 400)));
    }
    ben.joins(&room).await;
    let (mut a, mut b) = (ana.connects().await, ben.connects().await);
    tokio::join!(fill(&mut a, &room, 200), fill(&mut b, &room, 200));
    for comer in comers {
        let replica = comer.await.unwrap();
        replica.must_equal_history(&room, &ana).await;
    }
}
