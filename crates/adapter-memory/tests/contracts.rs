//! Every obligation of every port, on the adapters in memory.

#![expect(
    clippy::unwrap_used,
    clippy::tests_outside_test_module,
    clippy::unused_async,
    reason = "nothing but tests is in here, and the suite awaits what it opens"
)]

use std::sync::Arc;
use std::time::Duration;

use adapter_memory::{
    CacheBounds, JobSettings, ManualClock, MemoryBlobs, MemoryBudget, MemoryBus, MemoryCache,
    MemoryJobs, MemoryLimiter, MemoryNotifier, MemoryPresence, MemoryProfiles, MemoryPusher,
    MemorySessions, MemoryStore, MemorySummariser, MemoryWebhookSender, RandomIds, SeededIds,
    SystemClock,
};
use async_trait::async_trait;
use domain::port::jobs::Patience;
use domain::port::notifier::Notification;
use domain::port::pusher::Pushed;
use domain::port::{
    Blobs, Budget, Clock, Ids, Limiter, Outbox, Presence, Probe, Profiles, Sessions, Summariser,
    Upkeep,
};
use domain::{
    Epoch, EventId, Failure, PushEndpoint, PushKeys, PushSubscription, Timestamp, WebhookUrl,
};
use port_contracts::notifier::Hearer;
use port_contracts::pusher::PushService;
use port_contracts::webhook_sender::WebhookReceiver;
use port_contracts::{
    Buses, Cached, Kept, Notifiers, Probes, Pushers, Queues, Store, Subscribers, Time,
    WebhookSenders, at,
};

/// Rooms and sessions are separate stores here, and cleared one after the other.
struct Both {
    store: Arc<MemoryStore>,
    sessions: Arc<MemorySessions>,
}

#[async_trait]
impl Upkeep for Both {
    async fn clear(&self, now: Timestamp, limit: usize) -> Result<usize, Failure> {
        let rooms = self.store.clear(now, limit).await?;
        Ok(rooms + self.sessions.clear(now, limit - rooms).await?)
    }
}

async fn store() -> Kept<Store> {
    let sessions = Arc::new(MemorySessions::default());
    let store = Arc::new(MemoryStore::new(Epoch::parse("contracts").unwrap()));
    let opened = Store {
        users: Arc::<MemoryStore>::clone(&store),
        blocks: Arc::<MemoryStore>::clone(&store),
        rooms: Arc::<MemoryStore>::clone(&store),
        members: Arc::<MemoryStore>::clone(&store),
        invites: Arc::<MemoryStore>::clone(&store),
        messages: Arc::<MemoryStore>::clone(&store),
        cursors: Arc::<MemoryStore>::clone(&store),
        room_log: Arc::<MemoryStore>::clone(&store),
        search: Arc::<MemoryStore>::clone(&store),
        media: Arc::<MemoryStore>::clone(&store),
        outbox: Arc::<MemoryStore>::clone(&store),
        webhooks: Arc::<MemoryStore>::clone(&store),
        webhook_log: Arc::<MemoryStore>::clone(&store),
        upkeep: Arc::new(Both {
            store,
            sessions: Arc::clone(&sessions),
        }),
        sessions: Some(sessions),
    };
    Kept::on(opened, ())
}

port_contracts::blocks!(store);
port_contracts::cursors!(store);
port_contracts::invites!(store);
port_contracts::media!(store);
port_contracts::members!(store);
port_contracts::messages!(store);
port_contracts::outbox!(store);
port_contracts::room_log!(store);
port_contracts::rooms!(store);
port_contracts::search!(store);
port_contracts::upkeep!(store);
port_contracts::users!(store);
port_contracts::webhook_log!(store);
port_contracts::webhooks!(store);

async fn sessions() -> Kept<Arc<dyn Sessions>> {
    Kept::on(Arc::new(MemorySessions::default()), ())
}

async fn profiles() -> Kept<Arc<dyn Profiles>> {
    Kept::on(Arc::new(MemoryProfiles::default()), ())
}

async fn presence() -> Kept<Arc<dyn Presence>> {
    Kept::on(Arc::new(MemoryPresence::default()), ())
}

async fn limiter() -> Kept<Arc<dyn Limiter>> {
    Kept::on(Arc::new(MemoryLimiter::default()), ())
}

async fn cache() -> Kept<Cached> {
    let clock = Arc::new(ManualClock::at(at(0)));
    let time = Arc::clone(&clock);
    let opened = Cached {
        cache: Arc::new(MemoryCache::new(clock, CacheBounds::default())),
        time: Time::moved(move |span| time.advance(span)),
    };
    Kept::on(opened, ())
}

async fn clock() -> Kept<Arc<dyn Clock>> {
    Kept::on(Arc::new(SystemClock), ())
}

async fn ids() -> Kept<Arc<dyn Ids>> {
    Kept::on(Arc::new(RandomIds::new(Arc::new(SystemClock))), ())
}

async fn probe() -> Kept<Probes> {
    let clock = Arc::new(SystemClock);
    let working: Vec<Arc<dyn Probe>> = vec![
        Arc::new(MemoryStore::new(Epoch::parse("contracts").unwrap())),
        Arc::new(MemoryCache::new(clock, CacheBounds::default())),
        Arc::new(MemorySessions::default()),
        Arc::new(MemoryProfiles::default()),
        Arc::new(MemoryPresence::default()),
        Arc::new(MemoryLimiter::default()),
        Arc::new(MemoryBus::default()),
        Arc::new(queues().1),
        Arc::new(MemoryBlobs::default()),
        Arc::new(MemorySummariser),
    ];
    let probes = Probes {
        working,
        away: Vec::new(),
    };
    Kept::on(probes, ())
}

async fn blobs() -> Kept<Arc<dyn Blobs>> {
    Kept::on(Arc::new(MemoryBlobs::default()), ())
}

async fn summariser() -> Kept<Arc<dyn Summariser>> {
    Kept::on(Arc::new(MemorySummariser), ())
}

async fn budget() -> Kept<Arc<dyn Budget>> {
    Kept::on(Arc::new(MemoryBudget::default()), ())
}

async fn bus() -> Kept<Buses> {
    let backlog = 32;
    let bus = Arc::new(MemoryBus::new(backlog));
    let buses = Buses {
        here: Arc::<MemoryBus>::clone(&bus),
        there: bus,
        backlog,
    };
    Kept::on(buses, ())
}

const JOBS: JobSettings = JobSettings {
    patience: Patience {
        first: Duration::from_millis(20),
        longest: Duration::from_millis(80),
        tries: 3,
    },
    capacity: 40,
};

fn queues() -> (Arc<dyn Outbox>, MemoryJobs) {
    let store = MemoryStore::new(Epoch::parse("contracts").unwrap());
    let outbox: Arc<dyn Outbox> = Arc::new(store);
    (Arc::clone(&outbox), MemoryJobs::new(outbox, JOBS))
}

async fn jobs() -> Kept<Queues> {
    let (outbox, jobs) = queues();
    let queues = Queues {
        jobs: Arc::new(jobs),
        outbox: Some(outbox),
        delay: JOBS.patience.first,
        tries: JOBS.patience.tries,
        capacity: JOBS.capacity,
    };
    Kept::on(queues, ())
}

/// A notifier whose notifications are read from its record.
struct Memory(Arc<MemoryNotifier>);

impl Hearer for Memory {
    fn heard(&self) -> Vec<(String, Notification)> {
        let heard = self.0.heard().into_iter();
        heard
            .map(|one| (format!("{}.{}", one.event, one.user), one))
            .collect()
    }

    fn refuse(&self, refuse: bool) {
        self.0.refuse(refuse);
    }
}

async fn notifier() -> Kept<Notifiers> {
    let notifier = Arc::new(MemoryNotifier::default());
    let opened = Notifiers {
        notifier: Arc::<MemoryNotifier>::clone(&notifier),
        hearer: Arc::new(Memory(notifier)),
    };
    Kept::on(opened, ())
}

port_contracts::blobs!(blobs);
port_contracts::budget!(budget);
port_contracts::bus!(bus);
port_contracts::cache!(cache);
port_contracts::clock!(clock);
port_contracts::ids!(ids);
port_contracts::jobs!(jobs);
port_contracts::limiter!(limiter);
port_contracts::notifier!(notifier);
port_contracts::presence!(presence);
port_contracts::probe!(probe);
port_contracts::profiles!(profiles);
port_contracts::sessions!(sessions);
port_contracts::summariser!(summariser);

/// The reproducible source of ids, for tests.
mod seeded {
    use super::*;

    async fn ids() -> Kept<Arc<dyn Ids>> {
        Kept::on(Arc::new(SeededIds::new(7)), ())
    }

    port_contracts::ids!(ids);
}

struct Recorded(Arc<MemoryWebhookSender>);

impl WebhookReceiver for Recorded {
    fn taken(&self) -> Vec<(EventId, Vec<u8>)> {
        self.0.taken()
    }

    fn answer(&self, status: u16) {
        self.0.answer(status);
    }
}

async fn webhook_sender() -> Kept<WebhookSenders> {
    let sender = Arc::new(MemoryWebhookSender::default());
    let url = |name: &str| WebhookUrl::parse(format!("https://{name}.example.org/")).unwrap();
    let both = WebhookSenders {
        receiver: Arc::new(Recorded(Arc::clone(&sender))),
        sender,
        url: url("hook"),
        nowhere: url("nowhere"),
        forbidden: vec![url("forbidden")],
    };
    Kept::on(both, ())
}

port_contracts::webhook_sender!(webhook_sender);

async fn subscribers() -> Kept<Subscribers> {
    let sessions = Arc::new(MemorySessions::default());
    let opened = Subscribers {
        sessions: Arc::<MemorySessions>::clone(&sessions),
        subscriptions: sessions,
    };
    Kept::on(opened, ())
}

port_contracts::push_subscriptions!(subscribers);

/// A pusher whose notifications are read from its record.
struct Postbox(Arc<MemoryPusher>);

impl PushService for Postbox {
    fn heard(&self) -> Vec<Notification> {
        let heard = self.0.heard().into_iter();
        heard.map(|(_, notification)| notification).collect()
    }

    fn asked(&self) -> usize {
        self.0.asked()
    }

    fn answer(&self, status: u16, rest: Option<Duration>) {
        let words = || format!("it answered {status}");
        let answer = match status {
            201 => Pushed::Taken,
            404 | 410 => Pushed::Gone,
            429 | 500 | 503 => Pushed::Later(words()),
            _ => Pushed::Refused(words()),
        };
        self.0.rest(rest);
        self.0.answer_at("", answer);
    }
}

async fn pusher() -> Kept<Pushers> {
    let clock = Arc::new(ManualClock::at(at(0)));
    let pusher = Arc::new(MemoryPusher::new(Arc::<ManualClock>::clone(&clock)));
    let subscription = |name: &str, first| {
        let endpoint = format!("https://{name}.example.org/");
        PushSubscription {
            endpoint: PushEndpoint::parse(endpoint).unwrap(),
            keys: PushKeys::of([first; 65], [7; 16]),
            expires_at: None,
        }
    };
    let both = Pushers {
        service: Arc::new(Postbox(Arc::clone(&pusher))),
        pusher,
        time: Time::moved(move |span| clock.advance(span)),
        subscription: subscription("push", 4),
        nowhere: subscription("nowhere", 4),
        forbidden: vec![subscription("forbidden", 4), subscription("push", 5)],
    };
    Kept::on(both, ())
}

port_contracts::pusher!(pusher);
