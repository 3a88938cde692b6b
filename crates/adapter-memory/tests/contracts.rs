//! Every obligation of every port, on the adapters in memory.

#![expect(
    clippy::unwrap_used,
    clippy::tests_outside_test_module,
    clippy::unused_async,
    reason = "nothing but tests is in here, and the suite awaits what it opens"
)]

use std::sync::Arc;

use adapter_memory::{MemoryLimiter, MemoryPresence, MemoryProfiles, MemorySessions, MemoryStore};
use domain::Epoch;
use domain::port::{Limiter, Presence, Profiles, Sessions};
use port_contracts::{Kept, Store};

async fn store() -> Kept<Store> {
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
        upkeep: store,
        sessions: None,
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

port_contracts::limiter!(limiter);
port_contracts::presence!(presence);
port_contracts::profiles!(profiles);
port_contracts::sessions!(sessions);
