//! Every obligation of the ports that RabbitMQ serves.

#![expect(
    clippy::unwrap_used,
    clippy::tests_outside_test_module,
    clippy::unused_async,
    reason = "nothing but tests is in here, and the suite awaits what it opens"
)]

use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use adapter_rabbitmq::{Options, RabbitJobs};
use domain::port::jobs::Patience;
use port_contracts::{Kept, Probes, Queues, unique};

const PATIENCE: Patience = Patience {
    first: Duration::from_millis(50),
    longest: Duration::from_millis(100),
    tries: 3,
};
const CAPACITY: u32 = 40;

fn options() -> Options {
    Options {
        prefix: format!("{}.", unique("t")),
        capacity: CAPACITY,
        ..Options::new(PATIENCE)
    }
}

async fn jobs() -> Kept<Queues> {
    let queues = Queues {
        jobs: Arc::new(RabbitJobs::new(&servers::rabbitmq_url(), options()).unwrap()),
        outbox: None,
        delay: PATIENCE.first,
        tries: PATIENCE.tries,
        capacity: usize::try_from(CAPACITY).unwrap(),
    };
    Kept::on(queues, ())
}

/// An address that nothing listens on: its port was free a moment ago.
fn nowhere() -> String {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    format!("amqp://guest:guest@127.0.0.1:{port}")
}

async fn probe() -> Kept<Probes> {
    let probes = Probes {
        working: vec![Arc::new(
            RabbitJobs::new(&servers::rabbitmq_url(), options()).unwrap(),
        )],
        away: vec![Arc::new(RabbitJobs::new(&nowhere(), options()).unwrap())],
    };
    Kept::on(probes, ())
}

port_contracts::jobs!(jobs);
port_contracts::probe!(probe);
