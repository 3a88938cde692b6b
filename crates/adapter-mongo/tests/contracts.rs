//! Every obligation of every port that this adapter serves, each in a new database.

#![expect(
    clippy::unwrap_used,
    clippy::tests_outside_test_module,
    reason = "nothing but tests is in here"
)]

mod ground;

use std::net::TcpListener;
use std::sync::Arc;

use adapter_mongo::{MongoStore, Options};
use domain::port::{Probe, Profiles, Sessions};
use port_contracts::{Kept, Probes, Subscribers};

use ground::Ground;

async fn sessions() -> Kept<Arc<dyn Sessions>> {
    let ground = Ground::new().await;
    Kept::on(Arc::new(ground.store()), ground)
}

async fn profiles() -> Kept<Arc<dyn Profiles>> {
    let ground = Ground::new().await;
    Kept::on(Arc::new(ground.store()), ground)
}

async fn subscribers() -> Kept<Subscribers> {
    let ground = Ground::new().await;
    let store = Arc::new(ground.store());
    let opened = Subscribers {
        sessions: Arc::<MongoStore>::clone(&store),
        subscriptions: store,
    };
    Kept::on(opened, ground)
}

async fn probe() -> Kept<Probes> {
    let ground = Ground::new().await;
    let closed = ground.store();
    closed.check().await.unwrap();
    closed.close().await;
    let port = TcpListener::bind("127.0.0.1:0").unwrap();
    let nobody = format!("mongodb://{}", port.local_addr().unwrap());
    drop(port);
    let nobody = MongoStore::new(&nobody, Options::default()).unwrap();
    let working: Vec<Arc<dyn Probe>> = vec![Arc::new(ground.store())];
    let away: Vec<Arc<dyn Probe>> = vec![Arc::new(closed), Arc::new(nobody)];
    Kept::on(Probes { working, away }, ground)
}

port_contracts::probe!(probe);
port_contracts::profiles!(profiles);
port_contracts::push_subscriptions!(subscribers);
port_contracts::sessions!(sessions);
