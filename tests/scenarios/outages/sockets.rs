//! Clients that stay connected while a backend is down.

use std::time::Duration;

use acceptance::{Replica, World, within};
use serde_json::{Value, json};
use servers::{Postgres, Redis};
use tokio::time::timeout;
use uuid::Uuid;

use super::{Fate, until_health};

/// How long the reconciler may take to find changes without a hint, on a busy machine.
const RECONCILED: Duration = Duration::from_secs(30);
/// How long a session that was ended on another node may continue on a node that was not notified, on a
/// busy machine.
const UNHEARD: Duration = Duration::from_mins(1);

#[test]
fn without_redis_nothing_is_lost_between_nodes() {
    cluster_without_redis(Fate::Killed);
}

#[test]
fn with_a_frozen_redis_neither() {
    cluster_without_redis(Fate::Frozen);
}

fn cluster_without_redis(fate: Fate) {
    let mut redis = Redis::start();
    World::cluster()
        .with("REDIS_URL", &redis.url())
        .run(async |world| {
            until_health(world, 200, "bus", "ok").await;
            // On three nodes.
            let ana = world.person("ana").await;
            let ben = world.person("ben").await.at(&world.visitor_at(1));
            let carl = world.person("carl").await.at(&world.visitor_at(2));
            let room = ana.makes_room("tertulia").await;
            ben.joins(&room).await;
            carl.joins(&room).await;
            let mut replica = Replica::of(&[&room]);
            let mut b = ben.connects().await;
            let ack = b.ask(replica.subscribe()).await.done();
            b.kept().iter().for_each(|frame| replica.take(frame));
            replica.subscribed(&ack);
            let mut c = carl.connects().await;
            c.subscribes(&room).await;
            let mut other = carl.clone().at(&world.visitor_at(0)).connects().await;

            fate.strike(&mut redis);
            for number in 0..5 {
                ana.posts(&room, &number.to_string()).await;
            }
            while replica.messages(&room).len() < 5 {
                let heard = timeout(RECONCILED, b.next("message")).await;
                replica.take(&heard.expect("the store is asked"));
            }
            replica.must_equal_history(&room, &ben).await;

            let user = format!("/api/rooms/{room}/users/{}", carl.id);
            ana.delete(&user).await.expect_nothing();
            let told = timeout(RECONCILED, c.next("room_removed")).await;
            told.expect("memberships are looked at");
            ana.posts(&room, "without him").await;
            b.next("message").await;
            let heard = c.so_far().await;
            let unwanted = |frame: &Value| frame["message"]["content"] == "without him";
            assert!(!heard.iter().any(unwanted), "{heard:?}");

            carl.post("/api/auth/logout", json!({}))
                .await
                .expect_nothing();
            for socket in [&mut c, &mut other] {
                assert_eq!(socket.ends_within(UNHEARD).await, Some(4502));
            }

            fate.mend(&mut redis);
            until_health(world, 200, "bus", "ok").await;
            ana.posts(&room, "at once again").await;
            b.next("message").await;
        });
}

#[test]
fn without_postgres_sockets_stay_open() {
    let mut postgres = Postgres::start();
    World::production()
        .with("DATABASE_URL", &postgres.url())
        .run(async |world| {
            until_health(world, 200, "store", "ok").await;
            let (ana, ben) = (world.person("ana").await, world.person("ben").await);
            let room = ana.makes_room("tertulia").await;
            ben.joins(&room).await;
            let (mut a, mut b) = (ana.connects().await, ben.connects().await);
            a.subscribes(&room).await;
            b.subscribes(&room).await;

            Fate::Killed.strike(&mut postgres);
            let send = json!({
                "type": "send", "roomId": room, "content": "hello?", "clientId": Uuid::now_v7()
            });
            let refused = a.ask(send.clone()).await.refused("unavailable");
            assert!(refused["retryAfter"].is_u64(), "{refused}");
            until_health(world, 503, "store", "down").await;
            a.so_far().await;
            b.so_far().await;

            Fate::Killed.mend(&mut postgres);
            until_health(world, 200, "store", "ok").await;
            let taken = within(RECONCILED, async || a.ask(send.clone()).await.is_done()).await;
            assert!(taken.is_some());
            assert_eq!(b.next("message").await["message"]["content"], "hello?");
            assert_eq!(ana.reads(&room).await, ["hello?"]);
        });
}
