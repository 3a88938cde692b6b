//! Obligations of [`domain::port::Outbox`].
//!
//! Each test has lanes of its own, because a lane has one holder.

use domain::port::jobs::Queue;
use domain::port::outbox::Claim;
use domain::{Event, EventId, Happening, NodeId, RoomId, UserId};

use crate::made::{event, room_id_in};
use crate::{CROWD, Store, at, at_once, fresh, new_message};

contract!(outbox {
    a_lane_keeps_its_order,
    a_lane_has_one_holder,
    lanes_are_claimed_together,
    a_lapsed_claim_is_free,
    an_unsettled_event_comes_again,
    a_settled_event_is_gone,
    lanes_that_hold_events_are_told,
    a_parked_event_waits_aside,
    a_released_event_comes_again,
    a_discarded_event_is_gone,
});

pub async fn a_lane_keeps_its_order(store: &Store) {
    let lane = Lane::open(store, 0).await;
    let room = lane.room;
    let mut expected = lane.tell(3).await;
    expected.extend(lane.tell(2).await);

    // The events of messages that are posted concurrently come in the order of the messages.
    let mut stored = at_once(CROWD, |_| {
        let (store, owner) = (store.clone(), lane.owner);
        async move {
            let mut new = new_message(room, owner, "now");
            let told = event(room, Happening::MessageCreated(new.id));
            new.events = vec![told];
            (store.append(new).await.seq, told)
        }
    })
    .await;
    stored.sort_by_key(|(seq, _)| *seq);
    expected.extend(stored.into_iter().map(|(_, event)| event));

    let (holder, all) = (fresh(), expected.as_slice());
    assert_eq!(lane.claim(all, holder, 0, 100).await, all);
    // If not all fit, the oldest come first.
    let claim = Claim {
        limit: 4,
        ..lane.claim_of(holder, 0, 100)
    };
    let mut first = store.outbox.claim(&claim).await.unwrap();
    assert_eq!(first.len(), 4);
    first.retain(|event| all.contains(event));
    assert!(all.starts_with(&first), "{first:?}");
}

pub async fn a_lane_has_one_holder(store: &Store) {
    let lane = Lane::open(store, 1).await;
    let (ana, ben) = (fresh(), fresh());
    // An empty lane can be held as well.
    assert_eq!(lane.claim(&[], ana, 0, 100).await, []);
    let events = lane.tell(2).await;
    assert_eq!(lane.claim(&events, ben, 50, 150).await, []);
    assert_eq!(lane.claim(&events, ana, 50, 200).await, events);
    assert_eq!(lane.claim(&events, ben, 150, 250).await, []);

    // Another lane has another holder.
    let other = Lane::open(store, 2).await;
    let elsewhere = other.tell(2).await;
    assert_eq!(other.claim(&elsewhere, ben, 150, 250).await, elsewhere);
    assert_eq!(lane.claim(&events, ana, 150, 250).await, events);

    // Of several concurrent claimants one becomes the holder.
    let contested = Lane::open(store, 3).await;
    let events = contested.tell(2).await;
    let answers = at_once(CROWD, |_| {
        let (contested, events) = (contested.clone(), events.clone());
        async move { contested.claim(&events, fresh(), 0, 100).await }
    })
    .await;
    let (won, lost): (Vec<_>, Vec<_>) = answers.into_iter().partition(|it| !it.is_empty());
    assert_eq!(won, [events]);
    assert_eq!(lost.len(), CROWD - 1);
}

pub async fn lanes_are_claimed_together(store: &Store) {
    let (one, two) = (Lane::open(store, 11).await, Lane::open(store, 12).await);
    let (of_one, of_two) = (one.tell(3).await, two.tell(3).await);
    let both = [of_one.clone(), of_two.clone()].concat();
    let (ana, ben) = (fresh(), fresh());
    let claim = async |holder, now, until, limit| {
        let claim = Claim {
            lanes: vec![11, 12],
            limit,
            ..one.claim_of(holder, now, until)
        };
        store.outbox.claim(&claim).await.unwrap()
    };

    // Up to the limit from each lane, lane by lane.
    assert_eq!(claim(ana, 0, 100, 10).await, both);
    let first_two = [&of_one[..2], &of_two[..2]].concat();
    assert_eq!(claim(ana, 10, 100, 2).await, first_two);
    assert_eq!(claim(ben, 20, 120, 10).await, []);

    // One lane goes to another holder once both leases have expired, and the other lane is still
    // available.
    assert_eq!(one.claim(&both, ben, 100, 200).await, of_one);
    assert_eq!(claim(ana, 110, 210, 10).await, of_two);
    assert_eq!(claim(ben, 120, 220, 10).await, of_one);
    // Each lane's lease expires by itself.
    assert_eq!(claim(ana, 195, 295, 10).await, of_two);
    assert_eq!(claim(ana, 220, 320, 10).await, both);
    assert_eq!(claim(ana, 230, 330, 0).await, []);
}

pub async fn a_lapsed_claim_is_free(store: &Store) {
    let lane = Lane::open(store, 4).await;
    let events = lane.tell(2).await;
    let (ana, ben) = (fresh(), fresh());
    assert_eq!(lane.claim(&events, ana, 0, 100).await, events);
    assert_eq!(lane.claim(&events, ben, 99, 200).await, []);
    assert_eq!(lane.claim(&events, ben, 100, 200).await, events);
    assert_eq!(lane.claim(&events, ana, 101, 300).await, []);
    assert_eq!(lane.claim(&events, ana, 200, 300).await, events);

    // Of several claimants that find it free at once one takes it over.
    let answers = at_once(CROWD, |_| {
        let (lane, events) = (lane.clone(), events.clone());
        async move { lane.claim(&events, fresh(), 300, 400).await }
    })
    .await;
    let won: Vec<_> = answers.into_iter().filter(|it| !it.is_empty()).collect();
    assert_eq!(won, [events]);
}

pub async fn an_unsettled_event_comes_again(store: &Store) {
    let lane = Lane::open(store, 5).await;
    let (ana, ben) = (fresh(), fresh());
    let mut events = lane.tell(3).await;
    for now in [0, 10] {
        assert_eq!(lane.claim(&events, ana, now, 100).await, events);
    }
    events.extend(lane.tell(1).await);
    assert_eq!(lane.claim(&events, ana, 20, 100).await, events);
    assert_eq!(lane.claim(&events, ben, 100, 200).await, events);
}

pub async fn a_settled_event_is_gone(store: &Store) {
    let lane = Lane::open(store, 6).await;
    let (ana, ben) = (fresh(), fresh());
    let events = lane.tell(4).await;
    let [one, two, three, four] = events.as_slice() else {
        panic!("{events:?}");
    };
    assert_eq!(lane.claim(&events, ana, 0, 100).await, events);

    let settle = async |ids: &[EventId]| store.outbox.settle(ids).await.unwrap();
    settle(&[]).await;
    assert_eq!(lane.claim(&events, ana, 0, 100).await, events);
    // Settling again, or settling unknown events, is fine: a caller that was cut off does not know how
    // far it got.
    for _ in 0..2 {
        settle(&[three.id, fresh(), one.id]).await;
        assert_eq!(lane.claim(&events, ana, 10, 100).await, [*two, *four]);
    }
    assert_eq!(lane.claim(&events, ben, 100, 200).await, [*two, *four]);
    settle(&[two.id, four.id]).await;
    assert_eq!(lane.claim(&events, ben, 110, 200).await, []);
}

pub async fn lanes_that_hold_events_are_told(store: &Store) {
    let lane = Lane::open(store, 8).await;
    let holds = async || store.outbox.waiting().await.unwrap().contains(&lane.number);
    assert!(!holds().await);
    let events = lane.tell(3).await;
    for event in events {
        assert!(holds().await);
        store.outbox.settle(&[event.id]).await.unwrap();
    }
    assert!(!holds().await);
}

pub async fn a_parked_event_waits_aside(store: &Store) {
    let lane = Lane::open(store, 7).await;
    let events = lane.tell(3).await;
    let [one, two, three] = events.as_slice() else {
        panic!("{events:?}");
    };
    let (waiting, _) = store.outbox.backlog().await.unwrap();
    assert!(waiting >= 3);

    // Twice, and for another queue as well.
    lane.park(Queue::Messages, two).await;
    lane.park(Queue::Messages, two).await;
    lane.park(Queue::Messages, one).await;
    lane.park(Queue::Notifications, two).await;
    assert_eq!(lane.parked(Queue::Messages, &events).await, [*two, *one]);
    assert_eq!(lane.parked(Queue::Notifications, &events).await, [*two]);
    assert_eq!(lane.parked(Queue::Media, &events).await, []);
    let (_, parked) = store.outbox.backlog().await.unwrap();
    assert!(parked >= 3);
    let first = store.outbox.parked(Queue::Messages, 1).await.unwrap();
    assert_eq!(first.len(), 1);

    // A parked event stays parked, whatever happens to the event elsewhere.
    let ana = fresh();
    assert_eq!(lane.claim(&events, ana, 0, 100).await, events);
    let all = [one.id, two.id, three.id];
    store.outbox.settle(&all).await.unwrap();
    assert_eq!(lane.claim(&events, ana, 10, 100).await, []);
    assert_eq!(lane.parked(Queue::Messages, &events).await, [*two, *one]);
}

pub async fn a_released_event_comes_again(store: &Store) {
    let lane = Lane::open(store, 9).await;
    let events = lane.tell(3).await;
    let [one, two, three] = events.as_slice() else {
        panic!("{events:?}");
    };
    for event in &events {
        lane.park(Queue::Messages, event).await;
    }
    store.outbox.settle(&[one.id, two.id]).await.unwrap();
    let release = async |ids: &[EventId]| {
        let released = store.outbox.release(Queue::Messages, ids).await;
        released.unwrap()
    };
    assert_eq!(release(&[]).await, 0);
    // An event that is still waiting keeps its position; an unknown one does not count.
    assert_eq!(release(&[three.id, one.id, fresh()]).await, 2);
    assert_eq!(release(&[three.id, one.id]).await, 0);
    assert_eq!(lane.claim(&events, fresh(), 0, 100).await, [*three, *one]);
    assert_eq!(lane.parked(Queue::Messages, &events).await, [*two]);
}

pub async fn a_discarded_event_is_gone(store: &Store) {
    let lane = Lane::open(store, 10).await;
    let events = lane.tell(2).await;
    let [one, two] = events.as_slice() else {
        panic!("{events:?}");
    };
    for event in &events {
        lane.park(Queue::Messages, event).await;
        lane.park(Queue::Media, event).await;
    }
    let ids = [one.id, fresh()];
    for expected in [1, 0] {
        let discarded = store.outbox.discard(Queue::Messages, &ids).await;
        assert_eq!(discarded.unwrap(), expected);
    }
    assert_eq!(lane.parked(Queue::Messages, &events).await, [*two]);
    assert_eq!(lane.parked(Queue::Media, &events).await, events);
    assert_eq!(lane.claim(&events, fresh(), 0, 100).await, events);
}

/// A lane that only one test uses, and a room whose events go into it.
#[derive(Clone)]
struct Lane {
    store: Store,
    number: u8,
    room: RoomId,
    owner: UserId,
}

impl Lane {
    async fn open(store: &Store, number: u8) -> Self {
        let [owner] = store.people().await;
        let id = room_id_in(number..number + 1);
        let room = store.room_with(owner, &[], |room| room.id = id).await.id;
        Self {
            store: store.clone(),
            number,
            room,
            owner,
        }
    }

    /// Makes this many things happen in one step.
    async fn tell(&self, count: usize) -> Vec<Event> {
        let mut new = new_message(self.room, self.owner, "heard");
        new.events = vec![event(self.room, Happening::MessageCreated(new.id)); count];
        for event in &mut new.events {
            event.id = fresh();
        }
        // Ids do not define the order: other nodes' clocks may be behind.
        new.events.reverse();
        let events = new.events.clone();
        self.store.append(new).await;
        events
    }

    async fn park(&self, queue: Queue, event: &Event) {
        let reason = "nobody understands it";
        self.store.outbox.park(queue, event, reason).await.unwrap();
    }

    /// Those of these events that are parked for a queue.
    async fn parked(&self, queue: Queue, events: &[Event]) -> Vec<Event> {
        let mut parked = self.store.outbox.parked(queue, 10_000).await.unwrap();
        parked.retain(|event| events.contains(event));
        parked
    }

    fn claim_of(&self, holder: NodeId, now: i64, until: i64) -> Claim {
        Claim {
            lanes: vec![self.number],
            holder,
            now: at(now),
            until: at(until),
            limit: 10_000,
        }
    }

    /// Claims the lane for a while, and returns those of these events that are delivered.
    async fn claim(&self, events: &[Event], holder: NodeId, now: i64, until: i64) -> Vec<Event> {
        let claim = self.claim_of(holder, now, until);
        let mut claimed = self.store.outbox.claim(&claim).await.unwrap();
        claimed.retain(|event| events.contains(event));
        claimed
    }
}
