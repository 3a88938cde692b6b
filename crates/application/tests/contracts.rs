//! A decorator is a port too: what a store promises of its messages, it promises with their commits
//! gathered, and limits and presence promise the same with a shared backend and without it.

#![expect(
    clippy::unwrap_used,
    clippy::tests_outside_test_module,
    clippy::unused_async,
    reason = "nothing but tests is in here, and the suite awaits what it opens"
)]

use std::sync::Arc;

use adapter_memory::{
    CacheBounds, ManualClock, MemoryBudget, MemoryCache, MemoryLimiter, MemoryPresence,
    MemoryProfiles, MemoryStore, SystemClock,
};
use application::messages::{GroupCommit, GroupCommitOptions};
use application::steady::{
    SteadyBudget, SteadyCache, SteadyLimiter, SteadyPresence, SteadyProfiles,
};
use async_trait::async_trait;
use domain::port::budget::Day;
use domain::port::limiter::{Admission, Left, Limit, LimitKey};
use domain::port::presence::{Arrived, Departure, Lease, Subject};
use domain::port::{Budget, Clock, Limiter, Presence, Profiles};
use domain::{ConnectionId, Epoch, Failure, Timestamp};
use port_contracts::{Cached, Kept, Store, Time};
use tokio_util::task::TaskTracker;

/// Few lanes and small batches, so that rooms share lanes and crowds fill several commits.
const OPTIONS: GroupCommitOptions = GroupCommitOptions {
    lanes: 2,
    lane_queue: 1_000,
    batch: 3,
};

async fn store() -> Kept<Store> {
    let store = Arc::new(MemoryStore::new(Epoch::parse("contracts").unwrap()));
    let tasks = TaskTracker::new();
    let inner = Arc::<MemoryStore>::clone(&store);
    let opened = Store {
        users: Arc::<MemoryStore>::clone(&store),
        blocks: Arc::<MemoryStore>::clone(&store),
        rooms: Arc::<MemoryStore>::clone(&store),
        members: Arc::<MemoryStore>::clone(&store),
        invites: Arc::<MemoryStore>::clone(&store),
        messages: Arc::new(GroupCommit::new(inner, OPTIONS, &tasks)),
        cursors: Arc::<MemoryStore>::clone(&store),
        room_log: Arc::<MemoryStore>::clone(&store),
        search: Arc::<MemoryStore>::clone(&store),
        media: Arc::<MemoryStore>::clone(&store),
        outbox: Arc::<MemoryStore>::clone(&store),
        webhooks: Arc::<MemoryStore>::clone(&store),
        webhook_log: Arc::<MemoryStore>::clone(&store),
        upkeep: store,
        sessions: None,
    };
    Kept::on(opened, tasks)
}

/// What cannot be reached.
struct Away;

fn away<T>() -> Result<T, Failure> {
    Err(Failure::passing("shared", "answer", "connection refused"))
}

#[async_trait]
impl Limiter for Away {
    async fn admit(&self, _: &LimitKey, _: Limit, _: Timestamp) -> Result<Admission, Failure> {
        away()
    }

    async fn look(&self, _: &LimitKey, _: Limit, _: Timestamp) -> Result<Left, Failure> {
        away()
    }

    async fn give_back(&self, _: &LimitKey, _: Limit, _: Timestamp) -> Result<(), Failure> {
        away()
    }
}

#[async_trait]
impl Presence for Away {
    async fn connect(&self, _: &Lease, _: Timestamp, _: Timestamp) -> Result<Arrived, Failure> {
        away()
    }

    async fn renew(&self, _: &[Lease]) -> Result<(), Failure> {
        away()
    }

    async fn release(
        &self,
        _: Subject,
        _: ConnectionId,
        _: Timestamp,
        _: Timestamp,
    ) -> Result<Departure, Failure> {
        away()
    }

    async fn sweep(&self, _: Timestamp) -> Result<Vec<Subject>, Failure> {
        away()
    }

    async fn here(&self, _: &[Subject], _: Timestamp) -> Result<Vec<Subject>, Failure> {
        away()
    }
}

fn limiter(shared: impl Limiter) -> Kept<Arc<dyn Limiter>> {
    let own = Arc::new(MemoryLimiter::default());
    let clock = Arc::new(SystemClock);
    Kept::on(
        Arc::new(SteadyLimiter::new(Arc::new(shared), own, clock)),
        (),
    )
}

fn presence(shared: impl Presence) -> Kept<Arc<dyn Presence>> {
    let own = Arc::new(MemoryPresence::default());
    let clock = Arc::new(SystemClock);
    Kept::on(
        Arc::new(SteadyPresence::new(Arc::new(shared), own, clock)),
        (),
    )
}

#[async_trait]
impl Budget for Away {
    async fn set_aside(&self, _: Day, _: u64, _: u64) -> Result<bool, Failure> {
        away()
    }

    async fn settle(&self, _: Day, _: u64, _: u64) -> Result<(), Failure> {
        away()
    }

    async fn taken(&self, _: Day) -> Result<u64, Failure> {
        away()
    }
}

fn budget(shared: impl Budget) -> Kept<Arc<dyn Budget>> {
    let own = Arc::new(MemoryBudget::default());
    let clock = Arc::new(SystemClock);
    Kept::on(
        Arc::new(SteadyBudget::new(Arc::new(shared), own, clock)),
        (),
    )
}

async fn cache() -> Kept<Cached> {
    let clock = Arc::new(ManualClock::at(Timestamp::from_millis(1_700_000_000_000)));
    let told: Arc<dyn Clock> = Arc::<ManualClock>::clone(&clock);
    let empty = || Arc::new(MemoryCache::new(Arc::clone(&told), CacheBounds::default()));
    let (shared, own) = (empty(), empty());
    let cached = Cached {
        cache: Arc::new(SteadyCache::new(shared, own, told)),
        time: Time::moved(move |span| clock.advance(span)),
    };
    Kept::on(cached, ())
}

async fn profiles() -> Kept<Arc<dyn Profiles>> {
    let store = Arc::new(MemoryProfiles::default());
    let steady = SteadyProfiles::new(store, Arc::new(SystemClock));
    Kept::on(Arc::new(steady), ())
}

mod with_what_is_shared {
    use super::{
        Arc, Budget, Kept, Limiter, MemoryBudget, MemoryLimiter, MemoryPresence, Presence,
    };

    async fn budget() -> Kept<Arc<dyn Budget>> {
        super::budget(MemoryBudget::default())
    }

    async fn limiter() -> Kept<Arc<dyn Limiter>> {
        super::limiter(MemoryLimiter::default())
    }

    async fn presence() -> Kept<Arc<dyn Presence>> {
        super::presence(MemoryPresence::default())
    }

    port_contracts::budget!(budget);
    port_contracts::limiter!(limiter);
    port_contracts::presence!(presence);
}

mod without_what_is_shared {
    use super::{Arc, Away, Budget, Kept, Limiter, Presence};

    async fn budget() -> Kept<Arc<dyn Budget>> {
        super::budget(Away)
    }

    async fn limiter() -> Kept<Arc<dyn Limiter>> {
        super::limiter(Away)
    }

    async fn presence() -> Kept<Arc<dyn Presence>> {
        super::presence(Away)
    }

    port_contracts::budget!(budget);
    port_contracts::limiter!(limiter);
    port_contracts::presence!(presence);
}

port_contracts::cache!(cache);
port_contracts::media!(store);
port_contracts::messages!(store);
port_contracts::outbox!(store);
port_contracts::profiles!(profiles);
port_contracts::room_log!(store);
port_contracts::rooms!(store);
