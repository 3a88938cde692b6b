//! Group commit is a [`Messages`](domain::port::Messages) too: what a store promises of its messages,
//! it promises with their commits gathered.

#![expect(
    clippy::unwrap_used,
    clippy::tests_outside_test_module,
    clippy::unused_async,
    reason = "nothing but tests is in here, and the suite awaits what it opens"
)]

use std::sync::Arc;

use adapter_memory::MemoryStore;
use application::messages::{GroupCommit, GroupCommitOptions};
use domain::Epoch;
use port_contracts::{Kept, Store};
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
        upkeep: store,
        sessions: None,
    };
    Kept::on(opened, tasks)
}

port_contracts::media!(store);
port_contracts::messages!(store);
port_contracts::outbox!(store);
port_contracts::room_log!(store);
port_contracts::rooms!(store);
