//! Authentication: tokens and sessions.

use std::time::Duration;

use serde_json::{Value, json};

use crate::house::{House, PASSWORD, Plan};

#[actix_web::test]
async fn a_token_is_needed_and_must_hold() {
    let house = House::new();
    let ana = house.person("ana").await;
    house.read(&ana, "/api/auth/me").await.is(200);

    let told = house.ask("GET", "/api/auth/me").send().await;
    told.refuses(401, "unauthenticated");
    assert_eq!(told.header("www-authenticate"), "Bearer");
    for header in ["Bearer nonsense", "Basic YTpi", "Bearer", &ana.token] {
        let asked = house.ask("GET", "/api/auth/me");
        let told = asked.header("authorization", header).send().await;
        told.refuses(401, "unauthenticated");
    }

    house.pass(Duration::from_mins(15));
    let told = house.read(&ana, "/api/auth/me").await;
    told.refuses(401, "token_expired");
    assert_eq!(told.header("www-authenticate"), "Bearer");
    // Routes that need no authentication are unaffected.
    let told = house.read(&ana, "/api/invites/7").await;
    told.refuses(404, "not_found");
}

#[actix_web::test]
async fn everything_else_asks_first_who_it_is() {
    let house = House::new();
    let id = "0195b4a0-0000-7000-8000-000000000001";
    let routes = "
        GET /api/auth/me, POST /api/auth/logout, POST /api/auth/logout-all,
        POST /api/auth/password, GET /api/auth/sessions, DELETE /api/auth/sessions/{id},
        GET /api/users/me, PATCH /api/users/me, DELETE /api/users/me,
        GET /api/users/{id}, GET /api/users, GET /api/users/online, GET /api/users/search,
        GET /api/users/search/x, PUT /api/users/{id}/block, DELETE /api/users/{id}/block,
        POST /api/rooms, GET /api/rooms, GET /api/rooms/mine, POST /api/rooms/join,
        GET /api/rooms/{id}, PATCH /api/rooms/{id}, DELETE /api/rooms/{id},
        POST /api/rooms/{id}/join, DELETE /api/rooms/{id}/leave, GET /api/rooms/{id}/users,
        PATCH /api/rooms/{id}/users/{id}, DELETE /api/rooms/{id}/users/{id},
        GET /api/rooms/{id}/bans, DELETE /api/rooms/{id}/bans/{id},
        GET /api/rooms/{id}/invites, POST /api/rooms/{id}/invites,
        DELETE /api/rooms/{id}/invites/x, PUT /api/rooms/{id}/mute, DELETE /api/rooms/{id}/mute,
        GET /api/rooms/{id}/events, GET /api/rooms/{id}/messages,
        POST /api/rooms/{id}/messages, GET /api/rooms/{id}/pins,
        GET /api/messages/{id}, PATCH /api/messages/{id}, DELETE /api/messages/{id},
        GET /api/messages/{id}/replies, GET /api/messages/{id}/receipts,
        PUT /api/messages/{id}/reactions/x, DELETE /api/messages/{id}/reactions/x,
        PUT /api/messages/{id}/pin, DELETE /api/messages/{id}/pin,
        POST /api/messages/read, POST /api/messages/delivered, PUT /api/messages/read/{id},
        GET /api/messages/room/{id}, GET /api/messages/conversation/{id}/{id},
        GET /api/search/messages, GET /api/chat, POST /api/chat, GET /api/chat/{id},
        GET /api/chat/{id}/messages, POST /chat/room";
    for route in routes.split(',') {
        let (method, path) = route.trim().split_once(' ').unwrap();
        let told = house.ask(method, &path.replace("{id}", id)).send().await;
        assert_eq!(told.status, 401, "{route}");
        told.refuses(401, "unauthenticated");
    }
}

#[actix_web::test]
async fn every_spelling_registers_and_signs_in() {
    let house = House::new();
    for (path, form) in [
        (
            "/api/auth/register",
            json!({ "email": "ana@example.org", "password": PASSWORD, "name": "Ana" }),
        ),
        (
            "/api/users",
            json!({ "email": "ben@example.org", "password": PASSWORD, "displayName": "Ben" }),
        ),
        (
            "/auth/register",
            json!({ "email": "cleo@example.org", "password": PASSWORD, "username": "cleo" }),
        ),
    ] {
        let told = house.ask("POST", path).json(&form).send().await;
        let tokens = told.is(201);
        for name in ["accessToken", "access_token"] {
            assert_eq!(tokens[name], tokens["token"]);
        }
        assert_eq!(tokens["user"]["email"], form["email"]);
        let id = tokens["user"]["id"].as_str().unwrap();
        assert_eq!(told.header("location"), format!("/api/users/{id}"));
    }
    for (path, form) in [
        (
            "/api/auth/login",
            json!({ "email": "Ana@Example.org", "password": PASSWORD }),
        ),
        (
            "/auth/login",
            json!({ "username": "CLEO", "password": PASSWORD }),
        ),
    ] {
        house.ask("POST", path).json(&form).send().await.is(200);
    }
    for form in [
        json!({ "email": "ana@example.org", "password": "wrong" }),
        json!({ "email": "nobody@example.org", "password": PASSWORD }),
    ] {
        let told = house
            .ask("POST", "/api/auth/login")
            .json(&form)
            .send()
            .await;
        told.refuses(401, "bad_credentials");
    }
    let taken = json!({ "email": "ANA@example.org", "password": PASSWORD, "name": "Ana" });
    let told = house.ask("POST", "/api/auth/register").json(&taken).send();
    told.await.refuses(409, "email_taken");
}

#[actix_web::test]
async fn sessions_are_listed_and_ended() {
    let house = House::new();
    let ana = house.person("ana").await;
    let form = json!({ "email": "ana", "password": PASSWORD });
    let asked = house.ask("POST", "/api/auth/login").json(&form);
    let phone = asked.header("user-agent", "phone").send().await.is(200);

    let told = house.read(&ana, "/api/auth/sessions").await.is(200);
    let sessions = told["sessions"].as_array().unwrap();
    let seen = |agent: &str| {
        let is = |session: &&Value| session["userAgent"] == agent;
        sessions.iter().find(is).unwrap()
    };
    assert_eq!(sessions.len(), 2);
    assert_eq!(seen("phone")["current"], false);
    assert_eq!(seen("phone")["ip"], "127.0.0.1");
    assert_eq!(seen("")["current"], true);
    assert_eq!(seen("phone")["id"], phone["sessionId"]);

    let path = format!(
        "/api/auth/sessions/{}",
        phone["sessionId"].as_str().unwrap()
    );
    house.act(&ana, "DELETE", &path, Value::Null).await.is(204);
    let told = house.act(&ana, "DELETE", &path, Value::Null).await;
    told.refuses(404, "not_found");
    let told = house
        .ask("GET", "/api/auth/me")
        .token(phone["token"].as_str().unwrap());
    assert_eq!(told.send().await.status, 401);

    let told = house.act(&ana, "POST", "/api/auth/logout-all", Value::Null);
    told.await.is(204);
    assert_eq!(house.read(&ana, "/api/auth/me").await.status, 401);
}

#[actix_web::test]
async fn one_logs_out_by_either_token() {
    let house = House::new();
    let (ana, ben) = (house.person("ana").await, house.person("ben").await);
    let path = "/api/auth/logout";
    house.act(&ana, "POST", path, Value::Null).await.is(204);
    assert_eq!(house.read(&ana, "/api/auth/me").await.status, 401);

    let form = json!({ "refreshToken": ben.refresh });
    house.ask("POST", path).json(&form).send().await.is(204);
    assert_eq!(house.read(&ben, "/api/auth/me").await.status, 401);
    let told = house.ask("POST", path).send().await;
    told.refuses(401, "unauthenticated");
}

#[actix_web::test]
async fn tokens_are_renewed_and_a_spent_one_betrays_itself() {
    let house = House::new();
    let ana = house.person("ana").await;
    let path = "/api/auth/refresh";
    let form = json!({ "refreshToken": ana.refresh });
    let renewed = house.ask("POST", path).json(&form).send().await.is(200);
    assert_ne!(renewed["refreshToken"], form["refreshToken"]);
    house.pass(Duration::from_secs(61));
    let told = house.ask("POST", path).json(&form).send().await;
    told.refuses(401, "refresh_reused");
    let told = house.ask("POST", path).send().await;
    told.refuses(401, "unauthenticated");
}

#[actix_web::test]
async fn a_password_is_changed_by_whoever_knows_it() {
    let house = House::new();
    let ana = house.person("ana").await;
    let path = "/api/auth/password";
    let form = json!({ "current": "wrong", "new": "battery staple" });
    let told = house.act(&ana, "POST", path, form).await;
    told.refuses(403, "wrong_password");
    let form = json!({ "current": PASSWORD, "new": "short" });
    let told = house.act(&ana, "POST", path, form).await;
    assert_eq!(told.bad_fields(), ["new too_short"]);
    let form = json!({ "current": PASSWORD, "new": "battery staple" });
    house.act(&ana, "POST", path, form).await.is(204);

    let form = json!({ "email": "ana", "password": "battery staple" });
    let told = house
        .ask("POST", "/api/auth/login")
        .json(&form)
        .send()
        .await;
    told.is(200);
}

#[actix_web::test]
async fn the_clients_address_is_believed_of_trusted_proxies_only() {
    let ip = async |plan: Plan| {
        let house = plan.open();
        let form = json!({ "email": "a@example.org", "password": PASSWORD, "name": "ana" });
        let asked = house.ask("POST", "/api/auth/register").json(&form);
        let asked = asked.header("x-forwarded-for", "6.6.6.6, 203.0.113.9");
        let token = asked.send().await.is(201)["token"].clone();
        let asked = house.ask("GET", "/api/auth/sessions");
        let told = asked.token(token.as_str().unwrap()).send().await.is(200);
        told["sessions"][0]["ip"].as_str().unwrap().to_owned()
    };
    assert_eq!(ip(Plan::new()).await, "127.0.0.1");
    let mut plan = Plan::new();
    plan.options.trusted_proxies = vec!["127.0.0.0/8".parse().unwrap()];
    assert_eq!(ip(plan).await, "203.0.113.9");
}
