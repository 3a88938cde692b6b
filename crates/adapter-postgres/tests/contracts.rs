//! Every obligation of every port that this adapter serves, each on a new database.

#![expect(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    clippy::tests_outside_test_module,
    reason = "nothing but tests is in here"
)]

mod common_words;
mod ground;
mod plans;
#[path = "ground/ports.rs"]
mod ports;

use std::sync::Arc;

use domain::port::Probe;
use port_contracts::{Kept, Probes, Store};

use ground::Ground;
use plans::Explained;
use ports::ports;

async fn store() -> Kept<Store> {
    plans::catch();
    let ground = Ground::new().await;
    let store = Arc::new(ground.store().await);
    Kept::on(ports(&store), Explained(ground))
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

async fn probe() -> Kept<Probes> {
    let (ground, other) = (Ground::new().await, Ground::new().await);
    let closed = other.store().await;
    closed.close().await;
    let working: Vec<Arc<dyn Probe>> = vec![Arc::new(ground.store().await)];
    let away: Vec<Arc<dyn Probe>> = vec![Arc::new(closed)];
    Kept::on(Probes { working, away }, (ground, other))
}

port_contracts::probe!(probe);
