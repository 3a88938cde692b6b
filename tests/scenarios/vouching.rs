//! People who have signed in elsewhere, for whom administrators vouch.

use acceptance::{Client, PASSWORD, World, scenarios};
use reqwest::Method;
use serde_json::json;

/// The administrators' token.
const TOKEN: &str = "a token of two and thirty bytes!";

scenarios![
    with &[("ADMIN_TOKEN", super::TOKEN)];
    whoever_is_added_can_be_signed_in_and_talks,
    a_session_is_renewed_and_ended_like_any_other,
    what_is_taken_or_wrong_is_refused,
    nobody_who_is_gone_is_signed_in,
    only_administrators_may,
];

mod without_administrators {
    use super::{World, json, scenarios};

    scenarios![there_are_no_such_routes];

    async fn there_are_no_such_routes(world: &mut World) {
        let ana = world.person("ana").await;
        let sessions = format!("/api/admin/users/{}/sessions", ana.id);
        for path in ["/api/admin/users", &sessions] {
            for client in [&world.visitor(), &*ana] {
                let answer = client.post(path, json!({})).await;
                answer.expect_problem(404, "not_found");
            }
        }
    }
}

mod from_one_address {
    use super::{World, add, admin, scenarios, sessions_of};
    use serde_json::json;

    scenarios![
        with &[
            ("ADMIN_TOKEN", super::super::TOKEN),
            ("LIMIT_ANONYMOUS", "3/600"),
        ];
        everybody_is_signed_in_but_guesses_are_limited,
    ];

    async fn everybody_is_signed_in_but_guesses_are_limited(world: &mut World) {
        let admin = admin(world);
        for number in 0..5 {
            let sessions = add(&admin, &format!("user{number}")).await;
            admin.post(&sessions, json!({})).await.expect(200);
        }
        let path = sessions_of("01890000-0000-7000-8000-000000000000");
        let wrong = world
            .visitor()
            .with_token("a guess of two and thirty bytes!");
        for _ in 0..3 {
            let answer = wrong.post(&path, json!({})).await;
            answer.expect_problem(401, "unauthenticated");
        }
        let answer = wrong.post(&path, json!({})).await;
        answer.expect_problem(429, "rate_limited");
    }
}

fn admin(world: &World) -> Client {
    world.visitor().with_token(TOKEN)
}

/// Adds a user, and returns where to sign them in.
async fn add(admin: &Client, name: &str) -> String {
    let form = json!({ "email": format!("{name}@example.org"), "username": name });
    let user = admin.post("/api/admin/users", form).await.expect(201);
    sessions_of(user["id"].as_str().unwrap())
}

fn sessions_of(user: &str) -> String {
    format!("/api/admin/users/{user}/sessions")
}

async fn whoever_is_added_can_be_signed_in_and_talks(world: &mut World) {
    let admin = admin(world);
    let form = json!({ "email": "Ana@Example.org", "displayName": " Ana María " });
    let answer = admin.post("/api/admin/users", form).await;
    let location = answer.header("location").to_owned();
    let user = answer.expect(201);
    assert_eq!(user["email"], "ana@example.org");
    assert_eq!(user["username"], "ana.maria");
    assert_eq!(user["displayName"], "Ana María");
    let id = user["id"].as_str().unwrap();
    assert_eq!(location, format!("/api/users/{id}"));

    let answer = admin.post(&sessions_of(id), json!({})).await;
    assert_eq!(answer.header("cache-control"), "no-store");
    let tokens = answer.expect(200);
    assert_eq!(tokens["user"]["id"], id);
    let ana = world
        .visitor()
        .with_token(tokens["accessToken"].as_str().unwrap());
    let room = ana.post("/api/rooms", json!({ "name": "garden" })).await;
    let room = room.expect(201)["id"].as_str().unwrap().to_owned();
    let path = format!("/api/rooms/{room}/messages");
    let message = ana.post(&path, json!({ "content": "hi" })).await;
    assert_eq!(message.expect(201)["sender"]["id"], id);
}

async fn a_session_is_renewed_and_ended_like_any_other(world: &mut World) {
    let admin = admin(world);
    let ana = world.person("ana").await;
    let tokens = admin.post(&sessions_of(&ana.id), json!({})).await;
    let tokens = tokens.expect(200);
    let all = ana.get("/api/auth/sessions").await.expect(200);
    let all = all["sessions"].as_array().unwrap();
    assert!(all.iter().any(|one| one["id"] == tokens["sessionId"]));
    let form = json!({ "refreshToken": tokens["refreshToken"] });
    let next = world.visitor().post("/api/auth/refresh", form).await;
    let next = next.expect(200);
    let path = format!(
        "/api/auth/sessions/{}",
        tokens["sessionId"].as_str().unwrap()
    );
    ana.delete(&path).await.expect_nothing();
    let device = world
        .visitor()
        .with_token(next["accessToken"].as_str().unwrap());
    device
        .get("/api/users/me")
        .await
        .expect_problem(401, "session_revoked");
}

async fn what_is_taken_or_wrong_is_refused(world: &mut World) {
    let admin = admin(world);
    world.person("ana").await;
    let path = "/api/admin/users";
    let form = |email: &str, username: &str| json!({ "email": email, "username": username });
    let taken = admin.post(path, form("ana@example.org", "other")).await;
    taken.expect_problem(409, "email_taken");
    let taken = admin.post(path, form("other@example.org", "ANA")).await;
    taken.expect_problem(409, "username_taken");
    let wrong = admin.post(path, form("nobody", "a")).await;
    assert_eq!(wrong.expect_fields(), ["email", "username"]);
    let nothing = admin.post(path, json!({})).await;
    assert_eq!(nothing.expect_fields(), ["displayName", "email"]);
    // An account that was added has no password that anybody could know.
    add(&admin, "ben").await;
    for password in ["", " ", PASSWORD] {
        let form = json!({ "email": "ben@example.org", "password": password });
        let answer = world.visitor().post("/api/auth/login", form).await;
        assert!(matches!(answer.status, 401 | 422), "{password:?}");
    }
}

async fn nobody_who_is_gone_is_signed_in(world: &mut World) {
    let admin = admin(world);
    let ana = world.person("ana").await;
    let form = json!({ "password": PASSWORD });
    ana.ask(Method::DELETE, "/api/users/me", Some(form))
        .await
        .expect_nothing();
    for id in [ana.id.as_str(), "01890000-0000-7000-8000-000000000000", "x"] {
        let answer = admin.post(&sessions_of(id), json!({})).await;
        answer.expect_problem(404, "not_found");
    }
}

async fn only_administrators_may(world: &mut World) {
    let ana = world.person("ana").await;
    let wrong = world
        .visitor()
        .with_token("a token of two and thirty bytes?");
    let form = json!({ "email": "ben@example.org", "username": "ben" });
    for client in [&world.visitor(), &wrong, &*ana] {
        for answer in [
            client.post("/api/admin/users", form.clone()).await,
            client.post(&sessions_of(&ana.id), json!({})).await,
        ] {
            answer.expect_problem(401, "unauthenticated");
        }
    }
    admin(world)
        .post("/api/admin/users", form)
        .await
        .expect(201);
}
