//! Rate limits.

use std::time::Duration;

use serde_json::json;

use crate::house::{PASSWORD, Plan, per_minute};

#[actix_web::test]
async fn strangers_are_counted_by_their_address() {
    let mut plan = Plan::new();
    plan.limits.anonymous = per_minute(3);
    let house = plan.open();
    // Another spelling of a path and one that does not exist count as well.
    for (path, left) in [("/api/rooms", 2), ("/%61pi/rooms", 1), ("/nowhere", 0)] {
        let told = house.ask("GET", path).send().await;
        assert_eq!(told.header("ratelimit-policy"), "\"anonymous\";q=3;w=60");
        let expected = format!("\"anonymous\";r={left};t={}", 20 * (3 - left));
        assert_eq!(told.header("ratelimit"), expected);
    }
    let told = house.ask("GET", "/api/rooms").send().await;
    let problem = told.refuses(429, "rate_limited");
    assert_eq!(problem["retryAfter"], 20);
    assert_eq!(told.header("retry-after"), "20");
    assert_eq!(told.header("ratelimit"), "\"anonymous\";r=0;t=60");
    house.ask("GET", "/health/live").send().await.is(200);
    assert_eq!(house.ask("GET", "/").send().await.status, 200);

    house.pass(Duration::from_secs(20));
    let told = house.ask("GET", "/api/rooms").send().await;
    told.refuses(401, "unauthenticated");
}

#[actix_web::test]
async fn whoever_is_signed_in_is_counted_for_themselves() {
    let mut plan = Plan::new();
    plan.limits.anonymous = per_minute(2);
    plan.limits.person = per_minute(2);
    let house = plan.open();
    let (ana, ben) = (house.person("ana").await, house.person("ben").await);
    for who in [&ana, &ben] {
        house.read(who, "/api/auth/me").await.is(200);
        house.read(who, "/api/auth/me").await.is(200);
        let told = house.read(who, "/api/auth/me").await;
        told.refuses(429, "rate_limited");
    }
}

#[actix_web::test]
async fn a_message_tells_its_own_limit() {
    let mut plan = Plan::new();
    plan.limits.person = per_minute(60);
    plan.limits.message = per_minute(2);
    let house = plan.open();
    let ana = house.person("ana").await;
    let room = house.room(&ana, json!({ "name": "Lobby" })).await;
    let path = format!("/api/rooms/{room}/messages");
    let post = async |text: &str| {
        let form = json!({ "content": text });
        house.act(&ana, "POST", &path, form).await
    };
    let told = post("one").await;
    told.is(201);
    assert_eq!(told.header("ratelimit-policy"), "\"message\";q=2;w=60");
    assert_eq!(told.header("ratelimit"), "\"message\";r=1;t=30");
    post("two").await.is(201);

    let told = post("three").await;
    told.refuses(429, "rate_limited");
    assert_eq!(told.header("retry-after"), "30");
    assert_eq!(told.header("ratelimit"), "\"message\";r=0;t=60");
    // Errors in the form take precedence.
    assert_eq!(post("").await.bad_fields(), ["content too_short"]);
}

#[actix_web::test]
async fn the_limit_that_refuses_is_the_one_told() {
    let mut plan = Plan::new();
    plan.limits.person = per_minute(1);
    plan.limits.message = per_minute(2);
    let house = plan.open();
    let ana = house.person("ana").await;
    let post = async || {
        let form = json!({ "content": "word" });
        let path = "/api/rooms/xx/messages";
        house.act(&ana, "POST", path, form).await
    };
    let told = post().await;
    told.refuses(404, "not_found");
    assert_eq!(told.header("ratelimit"), "\"message\";r=2;t=0");
    let told = post().await;
    told.refuses(429, "rate_limited");
    assert_eq!(told.header("ratelimit-policy"), "\"user\";q=1;w=60");
    assert_eq!(told.header("ratelimit"), "\"user\";r=0;t=60");
}

#[actix_web::test]
async fn the_limit_of_messages_is_told_to_everybody() {
    let mut plan = Plan::new();
    plan.limits.message = per_minute(2);
    let house = plan.open();
    let ana = house.person("ana").await;
    let room = house.room(&ana, json!({ "name": "Lobby" })).await;
    let path = format!("/api/rooms/{room}/messages");
    let word = || json!({ "content": "word" });
    let named = |content: &str| json!({ "chatRoomName": "Attic", "content": content });

    let nobody = house.ask("POST", &path).json(&word()).send().await;
    nobody.refuses(401, "unauthenticated");
    let stranger = house.ask("POST", &path).token("none").json(&word());
    let stranger = stranger.send().await;
    assert_eq!(stranger.status, 401);
    let by_name = house.ask("POST", "/chat/message").json(&named("word"));
    let by_name = by_name.send().await;
    by_name.refuses(401, "unauthenticated");
    let no_id = house.act(&ana, "POST", "/api/rooms/xx/messages", word());
    let no_id = no_id.await;
    no_id.refuses(404, "not_found");
    let no_room = house.act(&ana, "POST", "/chat/message", named("word"));
    let no_room = no_room.await;
    no_room.refuses(404, "not_found");
    let no_word = house.act(&ana, "POST", "/chat/message", named(""));
    let no_word = no_word.await;
    assert_eq!(no_word.status, 422);
    for told in [&nobody, &stranger, &by_name, &no_id, &no_room, &no_word] {
        assert_eq!(told.header("ratelimit-policy"), "\"message\";q=2;w=60");
        assert_eq!(told.header("ratelimit"), "\"message\";r=2;t=0");
    }
}

#[actix_web::test]
async fn failed_logins_are_limited() {
    let mut plan = Plan::new();
    plan.limits.login_address = per_minute(2);
    let house = plan.open();
    house.person("ana").await;
    let log_in = async |password: &str| {
        let form = json!({ "email": "ana", "password": password });
        let asked = house.ask("POST", "/api/auth/login").json(&form);
        asked.send().await
    };
    log_in("wrong").await.refuses(401, "bad_credentials");
    log_in("wrong").await.refuses(401, "bad_credentials");
    let told = log_in(PASSWORD).await;
    let problem = told.refuses(429, "rate_limited");
    assert!(problem["retryAfter"].as_u64().unwrap() > 0);
}
