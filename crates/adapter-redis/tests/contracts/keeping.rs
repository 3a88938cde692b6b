//! What is stored in Redis, for how long, and at what cost.

use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use domain::port::cache::CacheKey;
use domain::port::limiter::{Limit, LimitKey};
use domain::port::presence::{Lease, Subject};
use domain::port::{Bus as _, Cache, Limiter as _, Presence};
use domain::{NodeId, RoomId, UserId};
use port_contracts::made::{cache_key, rev, seq};
use port_contracts::{CROWD, ahead, at_once, fresh, until};

use crate::nodes::{ask, in_room, node, nodes};

const HUNDRED: Limit = Limit {
    points: 100,
    per: Duration::from_hours(1),
};

const MINUTE: Duration = Duration::from_mins(1);

fn leases(subjects: &[Subject], node: NodeId, until: i64) -> Vec<Lease> {
    let lease = |subject: &Subject| Lease {
        subject: *subject,
        connection: fresh(),
        node,
        until: ahead(until),
    };
    subjects.iter().map(lease).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_stays_for_ever_and_all_of_it_begins_with_the_prefix() {
    let server = servers::Redis::start();
    let url = server.url();
    let store = node(&url, "chat:7");
    let (user, room, cached): (UserId, RoomId, _) = (fresh(), fresh(), cache_key());
    store.follow(&[room]).await.unwrap();
    store.publish(in_room(room, true)).await.unwrap();
    for subject in [Subject::Person(user), Subject::Visit { room, user }] {
        let held = leases(&[subject, subject], fresh(), 60_000);
        store.connect(&held[0], ahead(0), ahead(0)).await.unwrap();
        store.renew(&held).await.unwrap();
        let (connection, until) = (held[0].connection, ahead(10));
        Presence::release(&*store, subject, connection, until, ahead(0))
            .await
            .unwrap();
    }
    for key in [
        LimitKey::Person(user),
        LimitKey::LoginAccount("ana".to_owned()),
    ] {
        for _ in 0..2 {
            store.admit(&key, HUNDRED, ahead(0)).await.unwrap();
        }
        store.give_back(&key, HUNDRED, ahead(0)).await.unwrap();
    }
    store
        .put(&cached, Bytes::from_static(b"told"), MINUTE)
        .await
        .unwrap();
    assert!(store.claim(&cached, MINUTE).await.unwrap());

    let keys: Vec<String> = ask(&url, "KEYS *").await;
    assert!(keys.len() >= 8, "{keys:?}");
    for key in keys {
        assert!(key.starts_with("chat:7:"), "{key}");
        let left: i64 = ask(&url, &format!("PTTL {key}")).await;
        assert!(left > 0, "{key}: {left}");
    }
    let channels: Vec<String> = ask(&url, "PUBSUB SHARDCHANNELS").await;
    assert_eq!(channels.len(), 2);
    assert!(
        channels
            .iter()
            .all(|channel| channel.starts_with("chat:7:"))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_limit_costs_one_round_trip() {
    let server = servers::Redis::start();
    let url = server.url();
    let [store] = nodes(&url);
    let key = LimitKey::Person(fresh());
    store.admit(&key, HUNDRED, ahead(0)).await.unwrap();
    let () = ask(&url, "CONFIG RESETSTAT").await;
    let begun = Instant::now();
    for _ in 0..50 {
        store.admit(&key, HUNDRED, ahead(0)).await.unwrap();
    }
    let seconds = begun.elapsed().as_secs();
    let statistics: String = ask(&url, "INFO commandstats").await;
    let calls = |command: &str| -> u64 {
        let line = format!("cmdstat_{command}:calls=");
        let rest = statistics.split_once(&line).map(|(_, rest)| rest);
        rest.map_or(0, |rest| rest.split(',').next().unwrap().parse().unwrap())
    };
    assert_eq!((calls("evalsha"), calls("eval")), (50, 0), "{statistics}");
    // The subscriber's pings, and the check of a connection that was idle for a second.
    assert!(calls("ping") <= 2 * (seconds + 1), "{statistics}");
}

#[tokio::test(flavor = "multi_thread")]
async fn thousands_of_leases_are_renewed_within_a_call() {
    let [here, there] = nodes(&servers::redis_url());
    let people: Vec<UserId> = (0..5_000).map(|_| fresh()).collect();
    let subjects: Vec<Subject> = people.iter().copied().map(Subject::Person).collect();
    let held = leases(&subjects, fresh(), 100);
    here.renew(&held).await.unwrap();
    assert_eq!(there.online(&people, ahead(99)).await.unwrap(), people);
    assert!(there.online(&people, ahead(100)).await.unwrap().is_empty());

    // Their node is dead: whichever sweep comes reports them, all together and each only once.
    let told = at_once(4, |number| {
        let node = Arc::clone([&here, &there][number % 2]);
        async move { node.sweep(ahead(101)).await.unwrap() }
    })
    .await;
    let mut told = told.concat();
    told.sort_unstable();
    assert_eq!(told, subjects);
}

#[tokio::test(flavor = "multi_thread")]
async fn more_lapse_at_once_than_one_script_call_looks_at() {
    let [store] = nodes(&servers::redis_url());
    // All in one shard, which is determined by the last byte of an id.
    let subjects: Vec<Subject> = (0..700_u128)
        .map(|number| UserId::from_uuid(uuid::Uuid::from_u128(number << 8)).into())
        .collect();
    let held = leases(&subjects, fresh(), 100);
    store.renew(&held).await.unwrap();
    let mut away = store.sweep(ahead(101)).await.unwrap();
    away.sort_unstable();
    assert_eq!(away, subjects);
    assert!(store.sweep(ahead(101)).await.unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_wait_for_a_connection_rather_than_fail() {
    let [store] = nodes(&servers::redis_url());
    let key = LimitKey::Person(fresh());
    let granted = at_once(10 * CROWD, |_| {
        let (store, key) = (Arc::clone(&store), key.clone());
        async move { store.admit(&key, HUNDRED, ahead(0)).await }
    })
    .await;
    let granted = granted.into_iter().map(Result::unwrap);
    let granted =
        granted.filter(|it| matches!(it, domain::port::limiter::Admission::Granted { .. }));
    assert_eq!(granted.count(), 100);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_claim_is_the_claimers_to_give_up() {
    let [here, there] = nodes(&servers::redis_url());
    let key = cache_key();
    assert!(here.claim(&key, Duration::from_millis(1)).await.unwrap());
    until("the claim lapses", async || {
        there.claim(&key, MINUTE).await.unwrap()
    })
    .await;
    Cache::release(&*here, &key).await.unwrap();
    assert!(!here.claim(&key, MINUTE).await.unwrap());
    Cache::release(&*there, &key).await.unwrap();
    assert!(here.claim(&key, MINUTE).await.unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_one_node_put_another_gets_until_it_is_of_another_version() {
    let [here, there] = nodes(&servers::redis_url());
    let room = fresh();
    let version = |number| CacheKey::Summary {
        room,
        from: seq(1),
        to: seq(9),
        rev: rev(number),
        maker: "model".to_owned(),
    };
    let summary = Bytes::from_static(b"summary");
    here.put(&version(7), summary.clone(), MINUTE)
        .await
        .unwrap();
    assert_eq!(there.get(&version(7)).await.unwrap(), Some(summary));
    assert_eq!(there.get(&version(8)).await.unwrap(), None);
}
