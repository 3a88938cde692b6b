//! Workers that die.

use domain::EventId;
use domain::port::jobs::{Queue, Verdict};

use super::scene::{Queues, message, next, upload, uploads};

pub async fn a_published_event_is_kept_until_done(queues: &Queues) {
    let events = uploads(3);
    queues.publish(&events).await;
    let mut dying = queues.consume(Queue::Media).await;
    let first = next(&mut dying).await;
    assert_eq!((first.event, first.attempt), (events[0], 1));
    queues.settle(Queue::Media, first, Verdict::Done).await;
    assert_eq!(next(&mut dying).await.event, events[1]);
    assert_eq!(next(&mut dying).await.event, events[2]);
    drop(dying);

    // Those without a verdict, but not the one that is done.
    let mut heir = queues.consume(Queue::Media).await;
    let mut left = queues.work_off(Queue::Media, &mut heir, 2).await;
    left.sort_unstable_by_key(|event| event.id);
    assert_eq!(left, events[1..]);
    let last = upload();
    queues.publish(&[last]).await;
    let came = queues.work_off(Queue::Media, &mut heir, 1).await;
    assert_eq!(came, [last]);
    assert_eq!(queues.dead(Queue::Media, 0).await, []);
}

pub async fn an_event_is_safe_at_last(queues: &Queues) {
    let publish = async |events: &[_]| queues.jobs.publish(events).await.unwrap();
    let events = [message(), upload()];
    let mut safe: Vec<EventId> = publish(&events).await;
    for (queue, event) in [
        (Queue::Messages, events[0]),
        (Queue::Notifications, events[0]),
        (Queue::Media, events[1]),
    ] {
        let mut deliveries = queues.consume(queue).await;
        let delivery = next(&mut deliveries).await;
        assert_eq!(delivery.event, event);
        queues.settle(queue, delivery, Verdict::Done).await;
        safe.extend(publish(&[]).await);
    }
    // Each once, and nothing else.
    safe.sort_unstable();
    let mut expected = events.map(|event| event.id);
    expected.sort_unstable();
    assert_eq!(safe, expected);
    assert_eq!(publish(&[]).await, []);
}
