//! Dead letters that are revived, and those that are not.

use domain::Event;
use domain::port::jobs::{Queue, Verdict};

use super::scene::{Queues, message, next, uploads};
use crate::fresh;

pub async fn a_revived_event_comes_again(queues: &Queues) {
    let queue = Queue::Media;
    let events = uploads(3);
    bury(queues, queue, &events).await;
    let revive = async |events: &[_]| queues.jobs.revive(queue, events).await.unwrap();
    assert_eq!(revive(&[]).await, 0);
    assert_eq!(revive(&[events[2].id, events[0].id, fresh()]).await, 2);
    queues.carry().await;
    assert_eq!(queues.dead(queue, 1).await, [events[1]]);

    let mut deliveries = queues.consume(queue).await;
    let mut came = Vec::new();
    for _ in 0..2 {
        let again = next(&mut deliveries).await;
        assert_eq!(again.attempt, 1);
        queues.settle(queue, again, Verdict::Done).await;
        came.push(again.event);
    }
    came.sort_unstable_by_key(|event| event.id);
    assert_eq!(came, [events[0], events[2]]);
    assert_eq!(revive(&[events[0].id]).await, 0);
}

pub async fn a_discarded_event_is_forgotten(queues: &Queues) {
    let events = [message(), message(), message()];
    queues.publish(&events).await;
    for queue in [Queue::Messages, Queue::Notifications] {
        give_up(queues, queue, &events).await;
    }
    let ids = [events[1].id, fresh()];
    for expected in [1, 0] {
        let discarded = queues.jobs.discard(Queue::Messages, &ids).await;
        assert_eq!(discarded.unwrap(), expected);
    }
    let left = queues.dead(Queue::Messages, 2).await;
    assert_eq!(left, [events[0], events[2]]);
    assert_eq!(queues.dead(Queue::Notifications, 3).await, events);
}

async fn bury(queues: &Queues, queue: Queue, events: &[Event]) {
    queues.publish(events).await;
    give_up(queues, queue, events).await;
}

async fn give_up(queues: &Queues, queue: Queue, events: &[Event]) {
    let mut deliveries = queues.consume(queue).await;
    for event in events {
        let delivery = next(&mut deliveries).await;
        assert_eq!(delivery.event, *event);
        queues.settle(queue, delivery, Verdict::Dead).await;
    }
    assert_eq!(queues.dead(queue, events.len()).await, events);
}
