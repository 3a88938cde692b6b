//! What happens when RabbitMQ dies, with a private RabbitMQ.

#![expect(
    clippy::unwrap_used,
    clippy::tests_outside_test_module,
    reason = "nothing but tests is in here"
)]

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use adapter_rabbitmq::{Options, RabbitJobs};
use domain::port::Jobs as _;
use domain::port::jobs::{Patience, Queue, Verdict};
use domain::{Event, EventId, Happening};
use futures::StreamExt as _;
use port_contracts::fresh;
use port_contracts::made::event;
use servers::Rabbit;
use tokio::sync::watch::{self, Sender};
use tokio::time::{sleep, timeout};

const LONG: Duration = Duration::from_mins(2);

fn jobs(server: &Rabbit) -> Arc<RabbitJobs> {
    let patience = Patience {
        first: Duration::from_millis(100),
        longest: Duration::from_millis(200),
        tries: 4,
    };
    Arc::new(RabbitJobs::new(&server.url(), Options::new(patience)).unwrap())
}

fn upload() -> Event {
    event(fresh(), Happening::MediaUploaded(fresh()))
}

/// Publishes until confirmed, as the outbox relay does.
async fn publish(jobs: &RabbitJobs, events: &[Event]) {
    let deadline = Instant::now() + LONG;
    while jobs.publish(events).await.is_err() {
        assert!(Instant::now() < deadline, "RabbitMQ did not come back");
        sleep(Duration::from_millis(50)).await;
    }
}

/// Works until this many different events are done. About a third of them fail at the first attempt.
async fn work_off(
    jobs: &RabbitJobs,
    expected: usize,
    done_so_far: &Sender<usize>,
) -> BTreeSet<EventId> {
    let mut done = BTreeSet::new();
    let mut deliveries = jobs.consume(Queue::Media).await.unwrap();
    while done.len() < expected {
        // An outage is reported once; the deliveries resume by themselves.
        let Ok(delivery) = deliveries.next().await.unwrap() else {
            continue;
        };
        let troubled = delivery.event.id.as_uuid().as_u128() % 3 == 0;
        let verdict = if troubled && delivery.attempt == 1 {
            Verdict::Retry
        } else {
            Verdict::Done
        };
        let settled = jobs.settle(Queue::Media, delivery.tag, verdict).await;
        if verdict == Verdict::Done && settled.is_ok() {
            done.insert(delivery.event.id);
            done_so_far.send_replace(done.len());
        }
    }
    done
}

/// The server, killed and restarted.
async fn restarted(mut server: Rabbit) -> Rabbit {
    let restarting = tokio::task::spawn_blocking(move || {
        server.restart();
        server
    });
    restarting.await.unwrap()
}

/// It is killed twice under load, and in between there are always events in transit: published, held
/// without a verdict, or waiting for another attempt.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_was_confirmed_is_worked_on_though_it_is_killed_under_load() {
    let mut server = Rabbit::start();
    let (publishing, consuming) = (jobs(&server), jobs(&server));
    let events: Vec<Event> = std::iter::repeat_with(upload).take(400).collect();

    let all = events.clone();
    let publisher = async move {
        for some in all.chunks(8) {
            publish(&publishing, some).await;
        }
    };
    let expected: Vec<EventId> = events.iter().map(|event| event.id).collect();
    let (done_so_far, mut watched) = watch::channel(0);
    let consumer = work_off(&consuming, expected.len(), &done_so_far);
    let killer = async {
        for enough in [100, 200] {
            watched.wait_for(|done| *done >= enough).await.unwrap();
            server = restarted(server).await;
        }
        server
    };
    let all = async { tokio::join!(publisher, consumer, killer) };
    let ((), done, _server) = timeout(LONG, all).await.unwrap();
    let came: Vec<EventId> = done.into_iter().collect();
    let mut expected = expected;
    expected.sort_unstable();
    assert_eq!(came, expected);
}

/// While it is away calls fail quickly, and afterwards everything resumes by itself.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_it_is_away_publishing_fails_and_dead_letters_survive() {
    let mut server = Rabbit::start();
    let jobs = jobs(&server);
    let (poison, well) = (upload(), upload());
    publish(&jobs, &[poison, well]).await;
    let mut deliveries = jobs.consume(Queue::Media).await.unwrap();
    for (expected, verdict) in [(poison, Verdict::Dead), (well, Verdict::Done)] {
        let delivery = timeout(LONG, deliveries.next()).await.unwrap();
        let delivery = delivery.unwrap().unwrap();
        assert_eq!(delivery.event, expected);
        let settled = jobs.settle(Queue::Media, delivery.tag, verdict).await;
        settled.unwrap();
    }

    server = tokio::task::spawn_blocking(move || {
        server.kill();
        server
    })
    .await
    .unwrap();
    let begun = Instant::now();
    assert!(jobs.publish(&[upload()]).await.is_err());
    assert!(begun.elapsed() < Duration::from_secs(30));
    let _server = tokio::task::spawn_blocking(move || {
        server.restart();
        server
    })
    .await
    .unwrap();

    let last = upload();
    publish(&jobs, &[last]).await;
    loop {
        let delivery = timeout(LONG, deliveries.next()).await.unwrap().unwrap();
        let Ok(delivery) = delivery else {
            continue;
        };
        let settled = jobs.settle(Queue::Media, delivery.tag, Verdict::Done).await;
        settled.unwrap();
        if delivery.event == last {
            break;
        }
    }
    let dead = jobs.dead(Queue::Media, 10).await.unwrap();
    assert_eq!(dead, [poison]);
}
