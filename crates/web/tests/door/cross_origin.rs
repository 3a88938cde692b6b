//! Pages of other origins.

use web::Cors;

use crate::house::{House, Plan};
use crate::plain_http::Told;

async fn preflight(house: &House, origin: &str) -> Told {
    let asked = house.ask("OPTIONS", "/api/rooms");
    asked
        .header("origin", origin)
        .header("access-control-request-method", "POST")
        .header("access-control-request-headers", "authorization")
        .send()
        .await
}

#[actix_web::test]
async fn pages_of_named_origins_may_call() {
    let house = House::new();
    let origin = "https://chat.example.org";
    let told = preflight(&house, origin).await;
    assert_eq!(told.status, 200);
    assert_eq!(told.header("access-control-allow-origin"), origin);
    assert_eq!(told.header("access-control-allow-credentials"), "true");
    let methods = told.header("access-control-allow-methods");
    let mut methods: Vec<&str> = methods.split(',').map(str::trim).collect();
    methods.sort_unstable();
    let served = ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"];
    assert_eq!(methods, served);

    let asked = house.ask("GET", "/api/rooms").header("origin", origin);
    let told = asked.send().await;
    told.refuses(401, "unauthenticated");
    assert_eq!(told.header("access-control-allow-origin"), origin);
    let exposed = told.header("access-control-expose-headers");
    assert!(exposed.contains("x-request-id"), "{exposed}");
}

#[actix_web::test]
async fn pages_of_other_origins_may_not() {
    let house = House::new();
    let told = preflight(&house, "https://evil.example.org").await;
    told.refuses(400, "malformed");
    assert!(told.all("access-control-allow-origin").is_empty());
    let asked = house.ask("GET", "/health");
    let told = asked
        .header("origin", "https://evil.example.org")
        .send()
        .await;
    assert!(told.all("access-control-allow-origin").is_empty());
}

#[actix_web::test]
async fn where_any_page_may_call_none_may_with_cookies() {
    let mut plan = Plan::new();
    plan.options.cors = Cors::Any;
    let house = plan.open();
    let told = preflight(&house, "https://any.example.org").await;
    assert_eq!(told.header("access-control-allow-origin"), "*");
    assert!(told.all("access-control-allow-credentials").is_empty());
}

/// The request headers in `Vary`, one by one.
fn varies(told: &Told) -> Vec<String> {
    let all = told.all("vary");
    let words = all.iter().flat_map(|line| line.split(','));
    words.map(|word| word.trim().to_lowercase()).collect()
}

#[actix_web::test]
async fn polls_are_told_as_all_answers_are_and_once() {
    let house = House::new();
    let origin = "https://chat.example.org";
    let ask = |path| house.ask("GET", path).header("origin", origin).send();
    let poll = ask("/socket.io/?EIO=4&transport=polling").await;
    assert_eq!(poll.status, 200);
    let other = ask("/api/rooms").await;
    for name in [
        "access-control-allow-origin",
        "access-control-allow-credentials",
        "access-control-expose-headers",
        "vary",
    ] {
        assert_eq!(poll.all(name), other.all(name), "{name}");
        assert_eq!(poll.all(name).len(), 1, "{name}");
    }
    let origins = varies(&poll).iter().filter(|it| *it == "origin").count();
    assert_eq!(origins, 1);

    let asked = house.ask("GET", "/socket.io/?EIO=4&transport=polling");
    let told = asked
        .header("origin", "https://evil.example.org")
        .send()
        .await;
    assert_eq!(told.status, 403);
    assert!(told.all("access-control-allow-origin").is_empty());
}
