//! Which listeners receive what.

use std::ops::Range;
use std::sync::Arc;

use domain::RoomId;
use domain::port::Bus;
use domain::port::bus::Heard;

use super::notices::one_of_each;
use super::scene::{Buses, hear, notice, number, numbered};
use crate::{at_once, fresh};

pub async fn every_listener_hears_a_notice(buses: &Buses) {
    let room = fresh();
    buses.follow(&[room]).await;
    let mut earlier = buses.listeners().await;
    for bus in [&buses.here, &buses.there] {
        bus.publish(numbered(room, 0)).await.unwrap();
        for listener in &mut earlier {
            assert_eq!(notice(listener).await, numbered(room, 0));
        }
    }
    let mut listeners = buses.listeners().await;
    // A listener that is dropped does not affect the others.
    drop(earlier);

    for bus in [&buses.here, &buses.there] {
        for said in one_of_each(room) {
            bus.publish(said.clone()).await.unwrap();
            for listener in &mut listeners {
                assert_eq!(notice(listener).await, said);
            }
        }
    }
    buses.here.unfollow(&[room]).await.unwrap();
    buses.there.unfollow(&[room, fresh()]).await.unwrap();
}

pub async fn notices_of_one_room_keep_their_order(buses: &Buses) {
    let rooms = [fresh(), fresh(), fresh()];
    buses.follow(&rooms).await;
    let mut listeners = buses.listeners().await;
    let burst = buses.backlog / (2 * rooms.len());
    for round in 0..20 {
        let numbers = round * burst..(round + 1) * burst;
        // One task per room publishes, all of them concurrently.
        at_once(rooms.len(), |place| {
            let nodes = [&buses.here, &buses.there];
            let (bus, room) = (Arc::clone(nodes[place % 2]), rooms[place]);
            let numbers = numbers.clone();
            async move { say(&bus, room, numbers).await }
        })
        .await;

        for listener in &mut listeners {
            let mut next = rooms.map(|room| (room, numbers.start));
            for _ in 0..burst * rooms.len() {
                let heard = number(&notice(listener).await);
                let expected = next.iter_mut().find(|(room, _)| *room == heard.0);
                let expected = expected.unwrap();
                assert_eq!(heard, *expected);
                expected.1 += 1;
            }
        }
    }
}

async fn say(bus: &Arc<dyn Bus>, room: RoomId, numbers: Range<usize>) {
    for number in numbers {
        bus.publish(numbered(room, number)).await.unwrap();
    }
}

pub async fn a_listener_hears_only_what_comes_after(buses: &Buses) {
    let room = fresh();
    buses.follow(&[room]).await;
    for bus in [&buses.here, &buses.there] {
        // Listeners on both nodes show when a notice has arrived everywhere.
        let mut early = buses.listeners().await;
        for number in 0..8 {
            buses.here.publish(numbered(room, number)).await.unwrap();
            for listener in &mut early {
                assert_eq!(notice(listener).await, numbered(room, number));
            }
        }
        let mut late = bus.listen().await.unwrap();
        buses.here.publish(numbered(room, 8)).await.unwrap();
        for listener in early.iter_mut().chain([&mut late]) {
            let heard = hear(listener).await;
            assert_eq!(heard, Heard::Notice(numbered(room, 8).into()));
        }
    }
}
