//! Every obligation of every port that this adapter serves, each on a new file.

#![expect(
    clippy::unwrap_used,
    clippy::tests_outside_test_module,
    clippy::unused_async,
    reason = "nothing but tests is in here, and the suite awaits what it opens"
)]

mod plans;

use std::sync::Arc;

use adapter_sqlite::{Options, SqliteStore};
use domain::port::{Probe, Profiles, Sessions};
use port_contracts::{Kept, Probes, Store, Subscribers};

use plans::Ground;

fn open() -> (Arc<SqliteStore>, Ground) {
    plans::catch();
    let folder = tempfile::tempdir().unwrap();
    let ground = Ground { folder };
    let store = SqliteStore::open(ground.file(), Options::default()).unwrap();
    (Arc::new(store), ground)
}

async fn store() -> Kept<Store> {
    let (store, ground) = open();
    let opened = Store {
        users: Arc::<SqliteStore>::clone(&store),
        blocks: Arc::<SqliteStore>::clone(&store),
        rooms: Arc::<SqliteStore>::clone(&store),
        members: Arc::<SqliteStore>::clone(&store),
        invites: Arc::<SqliteStore>::clone(&store),
        messages: Arc::<SqliteStore>::clone(&store),
        cursors: Arc::<SqliteStore>::clone(&store),
        room_log: Arc::<SqliteStore>::clone(&store),
        search: Arc::<SqliteStore>::clone(&store),
        media: Arc::<SqliteStore>::clone(&store),
        outbox: Arc::<SqliteStore>::clone(&store),
        webhooks: Arc::<SqliteStore>::clone(&store),
        webhook_log: Arc::<SqliteStore>::clone(&store),
        upkeep: Arc::<SqliteStore>::clone(&store),
        sessions: Some(store),
    };
    Kept::on(opened, ground)
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
    let (store, ground) = open();
    Kept::on(store, ground)
}

async fn subscribers() -> Kept<Subscribers> {
    let (store, ground) = open();
    let opened = Subscribers {
        sessions: Arc::<SqliteStore>::clone(&store),
        subscriptions: store,
    };
    Kept::on(opened, ground)
}

async fn profiles() -> Kept<Arc<dyn Profiles>> {
    let (store, ground) = open();
    Kept::on(store, ground)
}

async fn probe() -> Kept<Probes> {
    let ((store, ground), (closed, other)) = (open(), open());
    closed.close().await;
    let working: Vec<Arc<dyn Probe>> = vec![store];
    let away: Vec<Arc<dyn Probe>> = vec![closed];
    Kept::on(Probes { working, away }, (ground, other))
}

port_contracts::probe!(probe);
port_contracts::profiles!(profiles);
port_contracts::push_subscriptions!(subscribers);
port_contracts::sessions!(sessions);
