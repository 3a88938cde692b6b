//! The bus between nodes, beyond the port's obligations.

use std::sync::Arc;
use std::time::{Duration, Instant};

use adapter_redis::{Options, RedisStore};
use domain::port::bus::{AccessChange, Heard, Notice, NotificationKind, Removal};
use domain::port::{Bus as _, Probe as _};
use port_contracts::{fresh, unique, until};

use crate::nodes::{FreshIds, ask, gap, hear, hear_of, in_room, node, nodes, notice, to_all};

#[tokio::test(flavor = "multi_thread")]
async fn a_node_hears_of_the_rooms_that_it_follows() {
    let [here, there] = nodes(&servers::redis_url());
    let (followed, other, last) = (fresh(), fresh(), fresh());
    there.follow(&[followed, last]).await.unwrap();
    let mut listener = there.listen().await.unwrap();
    for room in [other, followed, last] {
        here.publish(in_room(room, true)).await.unwrap();
    }
    assert_eq!(notice(&mut listener).await, in_room(followed, true));
    assert_eq!(notice(&mut listener).await, in_room(last, true));

    there.unfollow(&[followed]).await.unwrap();
    // Changes take effect in order.
    there.follow(&[other]).await.unwrap();
    for room in [followed, other] {
        here.publish(in_room(room, false)).await.unwrap();
    }
    assert_eq!(notice(&mut listener).await, in_room(other, false));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_concerns_a_person_is_heard_wherever_they_are() {
    let [here, there] = nodes(&servers::redis_url());
    let mut listener = there.listen().await.unwrap();
    let said = [
        Notice::AccessChanged {
            room: fresh(),
            user: fresh(),
            change: AccessChange::Removed(Removal::Kicked),
        },
        Notice::Notification {
            user: fresh(),
            room: fresh(),
            message: fresh(),
            kind: NotificationKind::Direct,
        },
        Notice::Presence {
            user: fresh(),
            last_seen: None,
            online: true,
            rooms: vec![fresh()],
        },
        to_all(),
    ];
    for said in said {
        here.publish(said.clone()).await.unwrap();
        assert_eq!(notice(&mut listener).await, said);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn many_rooms_are_followed_at_once_and_by_many() {
    let [here, there] = nodes(&servers::redis_url());
    let rooms: Vec<_> = (0..3_000).map(|_| fresh()).collect();
    let parts: Vec<_> = rooms.chunks(100).map(<[_]>::to_vec).collect();
    port_contracts::at_once(parts.len(), |part| {
        let (there, rooms) = (Arc::clone(&there), parts[part].clone());
        async move { there.follow(&rooms).await.unwrap() }
    })
    .await;
    let mut listener = there.listen().await.unwrap();
    for room in rooms.iter().step_by(100) {
        here.publish(in_room(*room, true)).await.unwrap();
        assert_eq!(notice(&mut listener).await, in_room(*room, true));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_hears_of_another_prefix() {
    let url = servers::redis_url();
    let [here, there] = nodes(&url);
    let strangers = nodes::<2>(&url);
    let room = fresh();
    for node in [&there, &strangers[1]] {
        node.follow(&[room]).await.unwrap();
    }
    let mut listener = there.listen().await.unwrap();
    let mut stranger = strangers[1].listen().await.unwrap();
    let all = to_all();
    for said in [in_room(room, true), all] {
        here.publish(said.clone()).await.unwrap();
        // By now the server has delivered it to all nodes.
        assert_eq!(notice(&mut listener).await, said);
    }
    strangers[0].publish(in_room(room, false)).await.unwrap();
    assert_eq!(notice(&mut stranger).await, in_room(room, false));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_too_long_for_others_is_a_gap_for_them() {
    let [here, there] = nodes(&servers::redis_url());
    let (mut near, mut far) = (here.listen().await.unwrap(), there.listen().await.unwrap());
    let long = Notice::SessionsEnded((0..10_000).map(|_| fresh()).collect());
    here.publish(long.clone()).await.unwrap();
    assert_eq!(notice(&mut near).await, long);
    assert_eq!(hear(&mut far).await, Heard::Gap);
    let short = to_all();
    here.publish(short.clone()).await.unwrap();
    assert_eq!(notice(&mut far).await, short);
}

#[tokio::test]
async fn what_does_not_fit_into_the_queue_is_made_up_for_by_a_gap() {
    let url = servers::redis_url();
    let prefix = unique("test-");
    let options = Options {
        prefix: prefix.clone(),
        waiting: 1,
        ..Options::default()
    };
    let hasty = RedisStore::open(&url, &options, Arc::new(FreshIds)).unwrap();
    let there = node(&url, &prefix);
    let mut listener = there.listen().await.unwrap();
    // All of this runs on one thread, so the queue is not drained in between.
    for _ in 0..100 {
        hasty.publish(to_all()).await.unwrap();
    }
    gap(&mut listener).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_connection_comes_back_by_itself_and_is_a_gap() {
    let server = servers::Redis::start();
    let url = server.url();
    let [here, there] = nodes(&url);
    let room = fresh();
    there.follow(&[room]).await.unwrap();
    let mut listener = there.listen().await.unwrap();
    for on in [true, false] {
        let killed: i64 = ask(&url, "CLIENT KILL TYPE pubsub").await;
        assert!(killed >= 1, "{killed}");
        assert_eq!(hear(&mut listener).await, Heard::Gap);
        here.publish(in_room(room, on)).await.unwrap();
        assert_eq!(notice(&mut listener).await, in_room(room, on));
    }
    until("the probe passes", async || there.check().await.is_ok()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn while_redis_is_away_this_node_hears_itself_at_once() {
    // Nothing listens on that port.
    let lonely = node("redis://127.0.0.1:1", "away");
    let mut listener = lonely.listen().await.unwrap();
    assert!(lonely.check().await.is_err());
    let begun = Instant::now();
    for _ in 0..100 {
        let room = fresh();
        lonely.follow(&[room]).await.unwrap();
        lonely.publish(in_room(room, true)).await.unwrap();
        assert_eq!(notice(&mut listener).await, in_room(room, true));
        lonely.unfollow(&[room]).await.unwrap();
    }
    // Far less than a second for each, which is how long a call to Redis may take.
    let longest = Duration::from_secs(30);
    assert!(begun.elapsed() < longest, "{:?}", begun.elapsed());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_may_start_before_redis_does() {
    let mut server = servers::Redis::start();
    server.kill();
    let [here, there] = nodes(&server.url());
    let room = fresh();
    there.follow(&[room]).await.unwrap();
    let mut listener = there.listen().await.unwrap();
    server.restart();
    assert_eq!(hear(&mut listener).await, Heard::Gap);
    until("this node tells again", async || here.check().await.is_ok()).await;
    here.publish(in_room(room, true)).await.unwrap();
    hear_of(&mut listener, &in_room(room, true)).await;
}
