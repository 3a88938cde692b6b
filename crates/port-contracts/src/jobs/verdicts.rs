//! Work that fails.

use std::time::Instant;

use domain::port::jobs::{Queue, Verdict};

use super::scene::{Queues, message, next, upload};

pub async fn a_retried_event_comes_again(queues: &Queues) {
    let (troubled, easy) = (upload(), upload());
    queues.publish(&[troubled, easy]).await;
    let mut deliveries = queues.consume(Queue::Media).await;
    let first = next(&mut deliveries).await;
    assert_eq!((first.event, first.attempt), (troubled, 1));
    let mut since = Instant::now();
    queues.settle(Queue::Media, first, Verdict::Retry).await;
    let came = queues.work_off(Queue::Media, &mut deliveries, 1).await;
    assert_eq!(came, [easy], "a retry delays no other event");

    for attempt in 2..=queues.tries {
        let again = next(&mut deliveries).await;
        assert_eq!((again.event, again.attempt), (troubled, attempt));
        assert!(since.elapsed() >= queues.delay);
        since = Instant::now();
        let done = attempt == queues.tries;
        let verdict = if done { Verdict::Done } else { Verdict::Retry };
        queues.settle(Queue::Media, again, verdict).await;
    }

    // Success on the last attempt is success.
    let last = upload();
    queues.publish(&[last]).await;
    let came = queues.work_off(Queue::Media, &mut deliveries, 1).await;
    assert_eq!(came, [last]);
    assert_eq!(queues.dead(Queue::Media, 0).await, []);
}

pub async fn a_dead_event_comes_no_more(queues: &Queues) {
    let (hopeless, tired) = (message(), message());
    queues.publish(&[hopeless, tired]).await;
    let queue = Queue::Notifications;
    let mut deliveries = queues.consume(queue).await;
    let first = next(&mut deliveries).await;
    assert_eq!(first.event, hopeless);
    queues.settle(queue, first, Verdict::Dead).await;
    for attempt in 1..=queues.tries {
        let again = next(&mut deliveries).await;
        assert_eq!((again.event, again.attempt), (tired, attempt));
        queues.settle(queue, again, Verdict::Retry).await;
    }

    for _ in 0..2 {
        assert_eq!(queues.dead(queue, 2).await, [hopeless, tired]);
    }
    let one = queues.jobs.dead(queue, 1).await.unwrap();
    assert!(one == [hopeless] || one == [tired], "{one:?}");
    let last = message();
    queues.publish(&[last]).await;
    let came = queues.work_off(queue, &mut deliveries, 1).await;
    assert_eq!(came, [last]);

    // In the other queue they are alive.
    let mut deliveries = queues.consume(Queue::Messages).await;
    let came = queues.work_off(Queue::Messages, &mut deliveries, 3).await;
    assert_eq!(came, [hopeless, tired, last]);
    assert_eq!(queues.dead(Queue::Messages, 0).await, []);
}
