//! Queues at their capacity.

use domain::port::jobs::Queue;
use domain::{Event, Retry};

use super::scene::{Queues, message, upload};

pub async fn a_full_queue_refuses(queues: &Queues) {
    let taken = fill(queues).await;
    for _ in 0..3 {
        let refusal = queues.jobs.publish(&[upload()]).await.unwrap_err();
        assert_ne!(refusal.retry, Retry::Useless);
    }

    // The other queues keep working.
    let elsewhere = message();
    queues.publish(&[elsewhere]).await;
    let mut deliveries = queues.consume(Queue::Messages).await;
    let came = queues.work_off(Queue::Messages, &mut deliveries, 1).await;
    assert_eq!(came, [elsewhere]);

    // What was accepted is delivered, what was refused is not, and then there is capacity again.
    let mut deliveries = queues.consume(Queue::Media).await;
    let count = taken.len();
    let came = queues.work_off(Queue::Media, &mut deliveries, count).await;
    assert_eq!(came, taken);
    let last = upload();
    queues.publish(&[last]).await;
    let came = queues.work_off(Queue::Media, &mut deliveries, 1).await;
    assert_eq!(came, [last]);
}

/// Publishes until the queue is full, and returns what was accepted.
async fn fill(queues: &Queues) -> Vec<Event> {
    let mut taken = Vec::new();
    loop {
        let event = upload();
        if queues.jobs.publish(&[event]).await.is_err() {
            assert!(taken.len() >= queues.capacity);
            return taken;
        }
        taken.push(event);
        assert!(taken.len() <= 2 * queues.capacity, "it has no bound");
    }
}
