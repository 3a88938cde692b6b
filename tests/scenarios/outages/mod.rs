//! What clients see while a backend is down, whether it is killed or unreachable, and that everything recovers
//! as soon as it is back, without a restart of Tertulia.
//!
//! Each test has a private instance of the backend that it takes down.

mod mongodb;
mod postgres;
mod redis;
mod sockets;

use std::time::Duration;

use acceptance::{PASSWORD, Person, World, within};
use serde_json::{Value, json};
use servers::{Kind, Server};

/// How a backend fails.
#[derive(Clone, Copy)]
enum Fate {
    /// It is killed, and its connections are closed.
    Killed,
    /// It stops responding, but connections stay open.
    Frozen,
}

impl Fate {
    fn strike(self, server: &mut Server<impl Kind>) {
        match self {
            Self::Killed => server.kill(),
            Self::Frozen => server.freeze(),
        }
    }

    fn mend(self, server: &mut Server<impl Kind>) {
        match self {
            Self::Killed => server.restart(),
            Self::Frozen => server.thaw(),
        }
    }
}

/// Waits until the health check has this status, and reports this state of this backend.
async fn until_health(world: &World, status: u16, backend: &str, state: &str) {
    let so = within(Duration::from_mins(1), async || {
        let answer = world.visitor().get("/health/ready").await;
        let found = answer.status;
        let health = answer.expect(found);
        let is = |it: &&Value| it["name"] == backend;
        let backends = health["backends"].as_array().unwrap();
        found == status && backends.iter().find(is).unwrap()["state"] == state
    })
    .await;
    assert!(
        so.is_some(),
        "{backend} is not said to be {state}, with {status}"
    );
}

async fn login(world: &World, person: &Person) -> acceptance::Answer {
    let credentials = json!({ "email": person.email, "password": PASSWORD });
    world.visitor().post("/api/auth/login", credentials).await
}

async fn refresh(world: &World, person: &Person) -> acceptance::Answer {
    let body = json!({ "refreshToken": person.refresh_token });
    world.visitor().post("/api/auth/refresh", body).await
}
