//! Tokens that expire, and their successors.

use acceptance::{Heard, Person, Socket, World, scenarios};
use serde_json::{Value, json};
use std::time::Duration;

use super::scene::is;

scenarios![
    // Long enough to renew a token, on a machine that is busy.
    with &[("JWT_EXPIRATION", "15")];
    a_token_that_runs_out_ends_the_connection,
    a_fresh_token_keeps_it_open,
    a_bad_token_later_changes_nothing,
];

/// A connection, and the token that can succeed its own.
async fn connected(world: &World) -> (Person, Socket, String) {
    let ana = world.person("ana").await;
    let socket = ana.connects().await;
    let fresh = fresh(&ana).await;
    (ana, socket, fresh)
}

async fn fresh(person: &Person) -> String {
    let body = json!({ "refreshToken": person.refresh_token });
    let tokens = person.post("/api/auth/refresh", body).await.expect(200);
    tokens["accessToken"].as_str().unwrap().to_owned()
}

fn auth(token: &str) -> Value {
    json!({ "type": "auth", "token": token })
}

async fn a_token_that_runs_out_ends_the_connection(world: &mut World) {
    let (ana, mut socket, _) = connected(world).await;
    let expiring = socket.next("token_expiring").await;
    let left = expiring["in"].as_u64().unwrap();
    assert!((1..=15).contains(&left), "{expiring}");
    socket.ends_with(4501).await;

    let authorization = ana.authorization();
    let header = [("authorization", authorization.as_str())];
    let refused = ana.knocks(&header).await;
    refused.expect_problem(401, "token_expired");
    let mut late = ana.opens(&[]).await;
    late.tells(auth(&ana.token)).await;
    late.ends_with(4500).await;
}

async fn a_fresh_token_keeps_it_open(world: &mut World) {
    let (ana, mut renewed, _) = connected(world).await;
    let mut other = ana.connects().await;
    // More than half of a token's life: until then, a repeated refresh returns the same token again.
    while !matches!(other.hears(Duration::from_secs(8)).await, Heard::Nothing) {}
    let token = fresh(&ana).await;
    let ack = renewed.ask(auth(&token)).await.done();
    let expires = ack["tokenExpiresAt"].as_str().unwrap();
    assert!(expires.ends_with('Z'), "{ack}");
    other.ends_with(4501).await;
    let heard = renewed.so_far().await;
    assert!(!heard.iter().any(is("ready")), "{heard:?}");
    renewed.ends_with(4501).await;
}

async fn a_bad_token_later_changes_nothing(world: &mut World) {
    let (ana, mut socket, _) = connected(world).await;
    for bad in ["x", &ana.refresh_token] {
        socket.ask(auth(bad)).await.refused("unauthenticated");
    }
    socket.so_far().await;
    socket.ends_with(4501).await;
    // An old one is refused, too.
    let phone = ana.on_another_device().await;
    let mut socket = phone.connects().await;
    socket.ask(auth(&ana.token)).await.refused("token_expired");
    socket.so_far().await;
}
