//! What people see while a server is away, whether it is killed or out of reach, and that everything
//! is well as soon as it is back, without a restart of ours.
//!
//! Each test has the server that it takes away for itself.

mod mongodb;
mod postgres;
mod redis;
mod sockets;

use std::time::Duration;

use acceptance::{PASSWORD, Person, World, within};
use serde_json::{Value, json};
use servers::{Kind, Server};

/// How a server goes away.
#[derive(Clone, Copy)]
enum Fate {
    /// At once, and its connections with it.
    Killed,
    /// It does not answer any more: connections stay open.
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

/// Waits until the server says that it is so, with this status and this state of this backend.
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
