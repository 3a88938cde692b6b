//! The metrics of connections.

use acceptance::{PASSWORD, Person, World, scenarios, until};
use reqwest::Method;
use serde_json::json;

use super::scene::{Pair, pair};

scenarios![
    connections_and_deliveries_are_counted,
    refused_logins_are_counted
];

/// The value of a metric without labels, which counts for all nodes in this process.
async fn number(person: &Person, name: &str) -> Option<u64> {
    let written = person.ask(Method::GET, "/metrics", None).await;
    let line = |line: &str| line.strip_prefix(name)?.strip_prefix(' ')?.parse().ok();
    written.text.lines().find_map(line)
}

async fn connections_and_deliveries_are_counted(world: &mut World) {
    let Pair {
        ana,
        room,
        a,
        b: mut ben,
        ..
    } = pair(world).await;
    assert_eq!(number(&ana, "tertulia_connections").await, Some(2));
    let before = number(&ana, "tertulia_deliveries_total").await.unwrap_or(0);
    ana.posts(&room, "to both").await;
    ben.next("message").await;
    // The other one may be updated a moment later.
    until("both were told", async || {
        let now = number(&ana, "tertulia_deliveries_total").await;
        now.is_some_and(|now| now >= before + 2)
    })
    .await;

    drop(a);
    until("one is gone", async || {
        number(&ana, "tertulia_connections").await == Some(1)
    })
    .await;
}

async fn refused_logins_are_counted(world: &mut World) {
    let ana = world.person("ana").await;
    for password in ["wrong horse", PASSWORD] {
        let credentials = json!({ "email": ana.email, "password": password });
        world.visitor().post("/api/auth/login", credentials).await;
    }
    assert_eq!(number(&ana, "tertulia_logins_refused_total").await, Some(1));
}
