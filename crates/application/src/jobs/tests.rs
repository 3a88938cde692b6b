//! Events from the outbox to a worker.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use adapter_memory::{JobSettings, ManualClock, MemoryJobs, MemoryStore, SeededIds};
use async_trait::async_trait;
use domain::port::jobs::{Deliveries, Patience, Queue, Verdict};
use domain::port::{Clock, Ids, Jobs, Messages as _, Outbox};
use domain::{Epoch, Event, EventId, Failure, Happening, RoomId, Timestamp, UserId};
use port_contracts::{fresh, new_message};
use tokio::time::timeout;

use super::*;

/// A queue system that can be made unavailable.
struct Road {
    jobs: MemoryJobs,
    closed: AtomicBool,
    /// Whether it confirms only the first of several events, and refuses the others.
    narrow: AtomicBool,
    confirmed: Mutex<Vec<EventId>>,
}

#[async_trait]
impl Jobs for Road {
    async fn publish(&self, events: &[Event]) -> Result<Vec<EventId>, Failure> {
        if self.closed.load(Ordering::Relaxed) {
            return Err(Failure::passing("jobs", "publish", "connection refused"));
        }
        if self.narrow.load(Ordering::Relaxed)
            && let Some(first) = events.first()
        {
            self.confirmed.lock().unwrap().push(first.id);
            return Err(Failure::overloaded("jobs", "publish", "a queue is full"));
        }
        let mut safe = std::mem::take(&mut *self.confirmed.lock().unwrap());
        safe.extend(self.jobs.publish(events).await?);
        Ok(safe)
    }

    async fn consume(&self, queue: Queue) -> Result<Deliveries, Failure> {
        self.jobs.consume(queue).await
    }

    async fn settle(&self, queue: Queue, tag: u64, verdict: Verdict) -> Result<(), Failure> {
        self.jobs.settle(queue, tag, verdict).await
    }

    async fn dead(&self, queue: Queue, limit: usize) -> Result<Vec<Event>, Failure> {
        self.jobs.dead(queue, limit).await
    }

    async fn revive(&self, queue: Queue, events: &[EventId]) -> Result<usize, Failure> {
        self.jobs.revive(queue, events).await
    }

    async fn discard(&self, queue: Queue, events: &[EventId]) -> Result<usize, Failure> {
        self.jobs.discard(queue, events).await
    }
}

/// A store with a room, and the queues that its outbox is relayed to.
struct Scene {
    store: Arc<MemoryStore>,
    road: Arc<Road>,
    room: RoomId,
    owner: UserId,
}

impl Scene {
    async fn new() -> Self {
        let store = Arc::new(MemoryStore::new(Epoch::parse("jobs").unwrap()));
        let settings = JobSettings {
            patience: Patience {
                first: Duration::from_millis(5),
                longest: Duration::from_millis(5),
                tries: 3,
            },
            capacity: 100,
        };
        let outbox: Arc<dyn Outbox> = Arc::<MemoryStore>::clone(&store);
        let road = Road {
            jobs: MemoryJobs::new(outbox, settings),
            closed: AtomicBool::new(false),
            narrow: AtomicBool::new(false),
            confirmed: Mutex::default(),
        };
        let (room, owner) = (fresh(), fresh());
        let scene = Self {
            store,
            road: Arc::new(road),
            room,
            owner,
        };
        scene.make_room().await;
        scene
    }

    async fn make_room(&self) {
        use domain::port::Rooms as _;
        use domain::port::Users as _;
        use domain::port::rooms::NewRoom;
        use domain::port::users::NewUser;
        use domain::{DisplayName, Email, History, PasswordHash, RoomName, Username};

        let owner = NewUser {
            id: self.owner,
            username: Username::parse("ana").unwrap(),
            display_name: DisplayName::parse("Ana").unwrap(),
            email: Email::parse("ana@example.org").unwrap(),
            password: PasswordHash::from_string("hash".to_owned()),
            at: Timestamp::from_millis(1),
        };
        self.store.register(&owner).await.unwrap();
        let new = NewRoom {
            id: self.room,
            name: RoomName::parse("garden").unwrap(),
            description: None,
            standing_invite: None,
            history: History::All,
            owner: self.owner,
            members: Vec::new(),
            unique_name: false,
            at: Timestamp::from_millis(1),
            events: Vec::new(),
        };
        self.store.create(&new).await.unwrap();
    }

    fn relay(&self, bell: Bell) -> Relay {
        let clock: Arc<dyn Clock> = Arc::new(ManualClock::at(Timestamp::from_millis(1)));
        let ids: Arc<dyn Ids> = Arc::new(SeededIds::new(3));
        let outbox: Arc<dyn Outbox> = Arc::<MemoryStore>::clone(&self.store);
        let jobs: Arc<dyn Jobs> = Arc::<Road>::clone(&self.road);
        Relay::new(&outbox, &jobs, &clock, &ids, bell)
    }

    /// Posts `count` messages and returns their events.
    async fn post(&self, count: usize) -> Vec<Event> {
        let mut events = Vec::new();
        for _ in 0..count {
            let mut new = new_message(self.room, self.owner, "news");
            let event = Event {
                id: fresh(),
                at: Timestamp::from_millis(1),
                room: Some(self.room),
                what: Happening::MessageCreated(new.id),
            };
            new.events = vec![event];
            self.store.append(&[new]).await.unwrap();
            events.push(event);
        }
        events
    }

    fn shift<W: Worker>(&self, queue: Queue, worker: &Arc<W>) -> Shift {
        Shift {
            jobs: Arc::<Road>::clone(&self.road),
            queue,
            worker: Arc::<W>::clone(worker),
            hands: 1,
        }
    }

    async fn waiting(&self) -> i64 {
        self.store.backlog().await.unwrap().0
    }
}

/// Records the events it receives, and handles each as instructed.
struct Diary {
    seen: Mutex<Vec<EventId>>,
    verdict: fn(&Event) -> Verdict,
}

impl Diary {
    fn of(verdict: fn(&Event) -> Verdict) -> Arc<Self> {
        Arc::new(Self {
            seen: Mutex::default(),
            verdict,
        })
    }

    fn seen(&self) -> Vec<EventId> {
        self.seen.lock().unwrap().clone()
    }
}

#[async_trait]
impl Worker for Diary {
    async fn work(&self, event: &Event) -> Verdict {
        self.seen.lock().unwrap().push(event.id);
        (self.verdict)(event)
    }
}

fn ids(events: &[Event]) -> Vec<EventId> {
    events.iter().map(|event| event.id).collect()
}

/// Runs these tasks until the condition holds.
async fn meanwhile(tasks: impl Future, so: impl AsyncFn() -> bool) {
    let until = async {
        while !so().await {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    let both = async {
        tokio::select! {
            _ = tasks => {}
            () = until => {}
        }
    };
    timeout(Duration::from_secs(30), both).await.unwrap();
}

#[tokio::test]
async fn events_reach_the_workers_in_order_and_leave_the_outbox() {
    let scene = Scene::new().await;
    let events = scene.post(5).await;
    let (messages, notifications) = (Diary::of(|_| Verdict::Done), Diary::of(|_| Verdict::Done));
    let tasks = futures::future::join3(
        scene.relay(Bell::default()).run(),
        scene.shift(Queue::Messages, &messages).run(),
        scene.shift(Queue::Notifications, &notifications).run(),
    );
    meanwhile(tasks, async || scene.waiting().await == 0).await;
    assert_eq!(messages.seen(), ids(&events));
    assert_eq!(notifications.seen(), ids(&events));
}

#[tokio::test]
async fn what_nobody_has_worked_on_stays_in_the_outbox() {
    let scene = Scene::new().await;
    scene.post(2).await;
    let mut relay = scene.relay(Bell::default());
    assert_eq!(relay.step().await.unwrap(), Step::Moved(2));
    assert_eq!(relay.step().await.unwrap(), Step::Idle);
    assert_eq!(scene.waiting().await, 2);

    // A node that dies loses track of what it published; the next one relays it all again.
    let other = Scene {
        road: Arc::new(Road {
            jobs: MemoryJobs::new(
                Arc::<MemoryStore>::clone(&scene.store),
                JobSettings {
                    patience: Patience {
                        first: Duration::ZERO,
                        longest: Duration::ZERO,
                        tries: 1,
                    },
                    capacity: 10,
                },
            ),
            closed: AtomicBool::new(false),
            narrow: AtomicBool::new(false),
            confirmed: Mutex::default(),
        }),
        ..scene
    };
    other.post(1).await;
    let diary = Diary::of(|_| Verdict::Done);
    // The dead node still holds the lane for a while.
    let mut heir = other.relay(Bell::default());
    heir.holder = relay.holder;
    let tasks = futures::future::join3(
        heir.run(),
        other.shift(Queue::Messages, &diary).run(),
        other.shift(Queue::Notifications, &diary).run(),
    );
    meanwhile(tasks, async || other.waiting().await == 0).await;
    assert_eq!(diary.seen().len(), 6);
}

#[tokio::test]
async fn while_the_queues_are_away_events_wait() {
    let scene = Scene::new().await;
    scene.road.closed.store(true, Ordering::Relaxed);
    let events = scene.post(3).await;
    let mut relay = scene.relay(Bell::default());
    for _ in 0..2 {
        assert!(relay.step().await.is_err());
        assert_eq!(scene.waiting().await, 3);
    }
    scene.road.closed.store(false, Ordering::Relaxed);
    let diary = Diary::of(|_| Verdict::Done);
    let tasks = futures::future::join3(
        relay.run(),
        scene.shift(Queue::Messages, &diary).run(),
        scene.shift(Queue::Notifications, &Arc::new(NoWork)).run(),
    );
    meanwhile(tasks, async || scene.waiting().await == 0).await;
    assert_eq!(diary.seen(), ids(&events));
}

#[tokio::test]
async fn what_was_confirmed_before_a_refusal_is_not_published_again() {
    let scene = Scene::new().await;
    scene.road.narrow.store(true, Ordering::Relaxed);
    scene.post(3).await;
    let mut relay = scene.relay(Bell::default());
    for left in [2, 1, 0] {
        assert!(relay.step().await.is_err());
        assert_eq!(scene.waiting().await, left);
    }
    assert_eq!(relay.step().await.unwrap(), Step::Idle);
}

#[tokio::test]
async fn a_poison_event_ends_among_the_dead_letters_and_nothing_waits_behind_it() {
    let poisons: [fn(&Event) -> Verdict; 3] = [
        |event| verdict_unless(event, || Verdict::Retry),
        |event| verdict_unless(event, || Verdict::Dead),
        |event| verdict_unless(event, || panic!("a worker that cannot bear it")),
    ];
    for poison in poisons {
        let scene = Scene::new().await;
        let mut events = scene.post(1).await;
        let mut new = new_message(scene.room, scene.owner, "poison");
        let event = Event {
            id: fresh(),
            at: POISON,
            room: Some(scene.room),
            what: Happening::MessageCreated(new.id),
        };
        new.events = vec![event];
        scene.store.append(&[new]).await.unwrap();
        events.extend(scene.post(2).await);

        let diary = Diary::of(poison);
        let tasks = futures::future::join3(
            scene.relay(Bell::default()).run(),
            scene.shift(Queue::Messages, &diary).run(),
            scene.shift(Queue::Notifications, &Arc::new(NoWork)).run(),
        );
        meanwhile(tasks, async || scene.waiting().await == 0).await;
        let mut seen = diary.seen();
        let dead = scene.road.dead(Queue::Messages, 10).await.unwrap();
        assert_eq!(dead, [event]);
        seen.retain(|id| *id != event.id);
        assert_eq!(seen, ids(&events));
    }
}

const POISON: Timestamp = Timestamp::from_millis(666);

fn verdict_unless(event: &Event, poison: impl Fn() -> Verdict) -> Verdict {
    if event.at == POISON {
        poison()
    } else {
        Verdict::Done
    }
}

#[tokio::test]
async fn a_bell_that_was_rung_before_is_heard() {
    let bell = Bell::default();
    bell.ring();
    bell.ring();
    timeout(Duration::from_secs(30), bell.rung()).await.unwrap();
    let again = timeout(Duration::from_millis(1), bell.rung()).await;
    assert!(again.is_err(), "it rings once");
}
