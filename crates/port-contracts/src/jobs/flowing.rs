//! Which queues events go to.

use std::sync::Arc;

use domain::port::jobs::{Deliveries, Queue, Verdict};
use domain::{Event, EventId, Happening};
use futures::stream::select;

use super::scene::{Queues, avatar, message, next, upload, uploads};
use crate::made::event;
use crate::{CROWD, at_once, fresh};

pub async fn an_event_reaches_the_queues_that_take_it(queues: &Queues) {
    let room = fresh();
    let table: [(Event, &[Queue]); 10] = [
        (message(), &[Queue::Messages, Queue::Notifications]),
        (of(Happening::MessageEdited(fresh())), &[Queue::Messages]),
        (of(Happening::MessageDeleted(fresh())), &[Queue::Messages]),
        (of(Happening::MemberJoined(fresh())), &[Queue::Messages]),
        (of(Happening::MemberLeft(fresh())), &[Queue::Messages]),
        (event(room, Happening::RoomCreated), &[Queue::Messages]),
        (event(room, Happening::RoomUpdated), &[Queue::Messages]),
        (event(room, Happening::RoomDeleted), &[Queue::Messages]),
        (upload(), &[Queue::Media]),
        (avatar(), &[Queue::Media]),
    ];
    queues.publish(&[]).await;
    let events = table.map(|(event, _)| event);
    queues.publish(&events).await;

    // If this comes last, nothing else was in the queue.
    let last = [message(), upload()];
    queues.publish(&last).await;
    for queue in Queue::ALL {
        let mut expected: Vec<Event> = table
            .iter()
            .filter(|(_, takers)| takers.contains(&queue))
            .map(|(event, _)| *event)
            .collect();
        expected.push(last[usize::from(queue == Queue::Media)]);
        let mut deliveries = queues.consume(queue).await;
        let came = queues
            .work_off(queue, &mut deliveries, expected.len())
            .await;
        assert_eq!(came, expected);
    }
}

pub async fn events_come_in_order(queues: &Queues) {
    let mut deliveries = queues.consume(Queue::Media).await;
    for size in [1, 2, 29, 1, 7] {
        let events = uploads(size);
        queues.publish(&events).await;
        let came = queues.work_off(Queue::Media, &mut deliveries, size).await;
        assert_eq!(came, events);
    }

    // Including those that waited for a consumer.
    drop(deliveries);
    let events = uploads(20);
    for event in &events {
        queues.publish(&[*event]).await;
    }
    let mut deliveries = queues.consume(Queue::Media).await;
    for expected in events {
        let delivery = next(&mut deliveries).await;
        assert_eq!((delivery.event, delivery.attempt), (expected, 1));
        queues.settle(Queue::Media, delivery, Verdict::Done).await;
    }
}

pub async fn an_event_is_with_one_consumer(queues: &Queues) {
    let one = queues.consume(Queue::Media).await;
    let other = queues.consume(Queue::Media).await;
    let mut both: Deliveries = Box::pin(select(one, other));
    let published = at_once(CROWD, |_| {
        let (jobs, event) = (Arc::clone(&queues.jobs), upload());
        async move {
            jobs.publish(&[event]).await.unwrap();
            event
        }
    })
    .await;

    let came = queues.work_off(Queue::Media, &mut both, CROWD).await;
    assert_eq!(ids(&came), ids(&published));
    let last = upload();
    queues.publish(&[last]).await;
    let came = queues.work_off(Queue::Media, &mut both, 1).await;
    assert_eq!(came, [last]);
}

fn of(what: Happening) -> Event {
    event(fresh(), what)
}

fn ids(events: &[Event]) -> Vec<EventId> {
    let mut ids: Vec<EventId> = events.iter().map(|event| event.id).collect();
    ids.sort_unstable();
    ids
}
