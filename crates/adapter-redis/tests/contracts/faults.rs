//! Redis freezes, dies, comes back, and forgets.

use std::sync::Arc;
use std::time::{Duration, Instant};

use adapter_redis::RedisStore;
use domain::port::limiter::{Admission, Limit, LimitKey};
use domain::port::presence::{Arrival, Lease, Subject};
use domain::port::{Bus as _, Cache, Limiter as _, Presence, Probe as _};
use domain::{Failure, Retry};
use port_contracts::made::cache_key;
use port_contracts::{ahead, at_once, fresh, until};

use crate::nodes::{ask, gap, hear_of, in_room, nodes, notice};

const FIVE: Limit = Limit {
    points: 5,
    per: Duration::from_hours(5),
};

/// A call takes at most a second. A machine may be busy; but that a hundred calls do not wait for each
/// other is seen nevertheless.
const SOON: Duration = Duration::from_secs(30);

fn lease(subject: Subject, until: i64) -> Lease {
    Lease {
        subject,
        connection: fresh(),
        node: fresh(),
        until: ahead(until),
    }
}

/// Calls each port once, and checks that no call takes long.
async fn calls(store: &RedisStore) -> Vec<Result<(), Failure>> {
    let user = fresh();
    let key = cache_key();
    let mut answers = Vec::new();
    for number in 0..4 {
        let begun = Instant::now();
        answers.push(match number {
            0 => store
                .connect(&lease(Subject::Person(user), 100), ahead(0), ahead(0))
                .await
                .map(drop),
            1 => store
                .admit(&LimitKey::Person(user), FIVE, ahead(0))
                .await
                .map(drop),
            2 => store.get(&key).await.map(drop),
            _ => store.check().await,
        });
        assert!(
            begun.elapsed() < SOON,
            "call {number}: {:?}",
            begun.elapsed()
        );
    }
    answers
}

async fn all_fail(store: &RedisStore) {
    for answer in calls(store).await {
        let failure = answer.unwrap_err();
        assert_eq!(failure.retry, Retry::Worthwhile, "{}", failure.chain());
    }
}

async fn recovers(store: &RedisStore) {
    until("all calls succeed", async || {
        calls(store).await.iter().all(Result::is_ok)
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn frozen_it_holds_nobody_up_and_thawed_all_goes_on() {
    let server = servers::Redis::start();
    let [here, there] = nodes(&server.url());
    let room = fresh();
    there.follow(&[room]).await.unwrap();
    let (mut near, mut far) = (here.listen().await.unwrap(), there.listen().await.unwrap());
    recovers(&here).await;

    server.freeze();
    all_fail(&here).await;
    // However many calls wait, each fails in time.
    let begun = Instant::now();
    let failures = at_once(100, |_| {
        let here = Arc::clone(&here);
        async move { here.admit(&LimitKey::Person(fresh()), FIVE, ahead(0)).await }
    })
    .await;
    assert!(failures.iter().all(Result::is_err));
    assert!(begun.elapsed() < SOON, "{:?}", begun.elapsed());
    let begun = Instant::now();
    here.publish(in_room(room, true)).await.unwrap();
    assert_eq!(notice(&mut near).await, in_room(room, true));
    assert!(begun.elapsed() < SOON, "{:?}", begun.elapsed());
    until("the loss is noticed", async || there.check().await.is_err()).await;
    here.follow(&[fresh()]).await.unwrap();

    server.thaw();
    recovers(&here).await;
    recovers(&there).await;
    gap(&mut far).await;
    here.publish(in_room(room, false)).await.unwrap();
    hear_of(&mut far, &in_room(room, false)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_and_restarted_it_is_found_again() {
    let mut server = servers::Redis::start();
    let [here, there] = nodes(&server.url());
    let room = fresh();
    there.follow(&[room]).await.unwrap();
    let mut far = there.listen().await.unwrap();
    recovers(&here).await;

    server.kill();
    all_fail(&here).await;
    server.restart();
    recovers(&here).await;
    recovers(&there).await;
    gap(&mut far).await;
    here.publish(in_room(room, true)).await.unwrap();
    hear_of(&mut far, &in_room(room, true)).await;

    // A restart that went unnoticed breaks connections, but no call.
    recovers(&here).await;
    server.restart();
    let lease = lease(Subject::Person(fresh()), 100);
    let arrived = here.connect(&lease, ahead(0), ahead(0));
    assert_eq!(arrived.await.unwrap().arrival, Arrival::Came);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cluster_that_was_away_is_found_again() {
    let mut server = servers::Redis::start_cluster();
    let url = server.url().replace("redis://", "redis+cluster://");
    let [here, there] = nodes(&url);
    let room = fresh();
    there.follow(&[room]).await.unwrap();
    let mut far = there.listen().await.unwrap();
    recovers(&here).await;

    server.freeze();
    all_fail(&here).await;
    server.thaw();
    recovers(&here).await;
    server.kill();
    all_fail(&here).await;
    server.restart();
    recovers(&here).await;
    recovers(&there).await;
    gap(&mut far).await;
    here.publish(in_room(room, true)).await.unwrap();
    hear_of(&mut far, &in_room(room, true)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn scripts_that_the_server_forgot_are_handed_over_again() {
    let server = servers::Redis::start();
    let url = server.url();
    let [store] = nodes(&url);
    for forget in ["SCRIPT FLUSH", "FLUSHALL"] {
        recovers(&store).await;
        let () = ask(&url, forget).await;
        for answer in calls(&store).await {
            answer.unwrap();
        }
        let (user, key) = (fresh(), cache_key());
        let subject = Subject::Person(user);
        let held = lease(subject, 100);
        store.renew(&[held]).await.unwrap();
        Presence::release(&*store, subject, held.connection, ahead(50), ahead(0))
            .await
            .unwrap();
        assert_eq!(store.sweep(ahead(60)).await.unwrap(), [subject]);
        store
            .give_back(&LimitKey::Person(user), FIVE, ahead(0))
            .await
            .unwrap();
        assert!(store.claim(&key, Duration::from_mins(1)).await.unwrap());
        Cache::release(&*store, &key).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_full_is_no_lasting_failure() {
    let server = servers::Redis::start();
    let url = server.url();
    let [store] = nodes(&url);
    recovers(&store).await;
    let () = ask(&url, "CONFIG SET maxmemory 1").await;
    let key = cache_key();
    let value = bytes::Bytes::from_static(b"value");
    let failure = store
        .put(&key, value, Duration::from_mins(1))
        .await
        .unwrap_err();
    assert_eq!(failure.retry, Retry::Worthwhile, "{}", failure.chain());
    let failure = store
        .admit(&LimitKey::Person(fresh()), FIVE, ahead(0))
        .await
        .unwrap_err();
    assert_eq!(failure.retry, Retry::Worthwhile, "{}", failure.chain());
    let () = ask(&url, "CONFIG SET maxmemory 0").await;
    let admission = store
        .admit(&LimitKey::Person(fresh()), FIVE, ahead(0))
        .await;
    assert!(matches!(admission, Ok(Admission::Granted { .. })));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_password_is_a_lasting_failure() {
    let server = servers::Redis::start();
    let url = server.url();
    let () = ask(&url, "CONFIG SET requirepass right").await;
    let [store] = nodes(&url.replace("redis://", "redis://:wrong@"));
    for answer in calls(&store).await {
        let failure = answer.unwrap_err();
        assert_eq!(failure.retry, Retry::Useless, "{}", failure.chain());
        assert!(!failure.chain().to_string().contains("wrong"));
    }
}
