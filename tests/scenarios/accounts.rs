//! Registering, signing in, and what an account looks like from outside.

use acceptance::{PASSWORD, World, scenarios};
use serde_json::{Value, json};

scenarios![
    registering_signs_in,
    either_name_is_enough,
    names_and_addresses_are_taken_once,
    a_race_for_a_name_has_one_winner,
    signing_in_by_either_name,
    a_wrong_password_tells_nothing,
    an_odd_password_is_only_wrong,
    changing_the_password_ends_other_sessions,
    erasing_an_account_keeps_what_was_said,
];

async fn registering_signs_in(world: &mut World) {
    let account = json!({
        "email": "Ana@Example.org", "password": PASSWORD, "username": "ana", "displayName": " Ana ",
    });
    let answer = world.visitor().post("/api/auth/register", account).await;
    assert_eq!(answer.header("cache-control"), "no-store");
    let tokens = answer.expect(201);

    let user = &tokens["user"];
    assert_eq!(user["email"], "ana@example.org");
    assert_eq!(user["username"], "ana");
    assert_eq!(user["displayName"], "Ana");
    for name in ["token", "accessToken", "access_token"] {
        assert_eq!(tokens[name], tokens["accessToken"], "{name}");
    }
    for name in [
        "tokenExpiresAt",
        "refreshExpiresAt",
        "refreshToken",
        "sessionId",
    ] {
        assert!(tokens[name].is_string(), "{name} in {tokens}");
    }

    let ana = world
        .visitor()
        .with_token(tokens["accessToken"].as_str().unwrap());
    let me = ana.get("/api/auth/me").await.expect(200);
    assert_eq!(me["id"], user["id"]);
    assert_eq!(me["email"], "ana@example.org");
}

async fn either_name_is_enough(world: &mut World) {
    let visitor = world.visitor();
    let only_shown =
        json!({ "email": "a@example.org", "password": PASSWORD, "name": "Ana Müller" });
    let user = visitor
        .post("/api/auth/register", only_shown)
        .await
        .expect(201)["user"]
        .clone();
    assert_eq!(user["displayName"], "Ana Müller");
    let derived = user["username"].as_str().unwrap();
    assert!((3..=32).contains(&derived.len()), "{derived}");

    let only_username =
        json!({ "email": "b@example.org", "password": PASSWORD, "username": "ben.b" });
    let user = visitor.post("/api/users", only_username).await.expect(201)["user"].clone();
    assert_eq!(user["displayName"], "ben.b");

    let neither = json!({ "email": "c@example.org", "password": PASSWORD });
    let fields = visitor
        .post("/api/auth/register", neither)
        .await
        .expect_fields();
    assert_eq!(fields.len(), 1, "{fields:?}");
}

async fn names_and_addresses_are_taken_once(world: &mut World) {
    world.person("ana").await;
    let register = async |email: &str, username: &str| {
        let account = json!({ "email": email, "password": PASSWORD, "username": username });
        world.visitor().post("/api/auth/register", account).await
    };
    register("ANA@example.org", "other")
        .await
        .expect_problem(409, "email_taken");
    register("other@example.org", "ANA")
        .await
        .expect_problem(409, "username_taken");
    register("other@example.org", "other").await.expect(201);
}

async fn a_race_for_a_name_has_one_winner(world: &mut World) {
    let mut racers = Vec::new();
    for number in 0..8 {
        let visitor = world.visitor();
        racers.push(tokio::spawn(async move {
            let email = format!("racer{number}@example.org");
            let account = json!({ "email": email, "password": PASSWORD, "username": "wanted" });
            visitor.post("/api/auth/register", account).await.status
        }));
    }
    let mut statuses = Vec::new();
    for racer in racers {
        statuses.push(racer.await.unwrap());
    }
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 409, 409, 409, 409, 409, 409, 409]);
}

async fn signing_in_by_either_name(world: &mut World) {
    let ana = world.person("ana").await;
    for login in ["ana@example.org", "ANA@EXAMPLE.ORG", "ana", "ANA"] {
        let credentials = json!({ "email": login, "password": PASSWORD });
        let tokens = world
            .visitor()
            .post("/api/auth/login", credentials)
            .await
            .expect(200);
        assert_eq!(tokens["user"]["id"], ana.id.as_str(), "{login}");
    }
}

async fn a_wrong_password_tells_nothing(world: &mut World) {
    world.person("ana").await;
    let mut said: Vec<Value> = Vec::new();
    for (login, password) in [("ana", "wrong horse"), ("nobody", PASSWORD)] {
        let credentials = json!({ "email": login, "password": password });
        let mut problem = world
            .visitor()
            .post("/api/auth/login", credentials)
            .await
            .expect_problem(401, "bad_credentials");
        problem.as_object_mut().unwrap().remove("requestId");
        said.push(problem);
    }
    assert_eq!(said[0], said[1]);
}

async fn an_odd_password_is_only_wrong(world: &mut World) {
    world.person("ana").await;
    for password in ["", "x", &"x".repeat(73), &"é".repeat(5000)] {
        let credentials = json!({ "email": "ana", "password": password });
        let answer = world.visitor().post("/api/auth/login", credentials).await;
        assert!([401, 422].contains(&answer.status), "{}", answer.text);
    }
}

async fn changing_the_password_ends_other_sessions(world: &mut World) {
    let ana = world.person("ana").await;
    let phone = ana.on_another_device().await;

    let wrong = json!({ "current": "wrong horse", "new": "battery staple" });
    ana.post("/api/auth/password", wrong)
        .await
        .expect_problem(403, "wrong_password");
    let right = json!({ "current": PASSWORD, "new": "battery staple" });
    ana.post("/api/auth/password", right).await.expect_nothing();

    ana.get("/api/auth/me").await.expect(200);
    phone
        .get("/api/auth/me")
        .await
        .expect_problem(401, "session_revoked");
    let login = async |password: &str| {
        let credentials = json!({ "email": "ana", "password": password });
        world.visitor().post("/api/auth/login", credentials).await
    };
    login(PASSWORD).await.expect_problem(401, "bad_credentials");
    login("battery staple").await.expect(200);
}

async fn erasing_an_account_keeps_what_was_said(world: &mut World) {
    let (ana, ben) = (world.person("ana").await, world.person("ben").await);
    let room = ana.makes_room("tertulia").await;
    ben.joins(&room).await;
    let said = ben.posts(&room, "remember me not").await;

    let delete = async |password: &str| {
        let body = json!({ "password": password });
        ben.ask(reqwest::Method::DELETE, "/api/users/me", Some(body))
            .await
    };
    delete("wrong horse")
        .await
        .expect_problem(403, "wrong_password");
    delete(PASSWORD).await.expect_nothing();

    ben.get("/api/auth/me")
        .await
        .expect_problem(401, "session_revoked");
    let path = format!("/api/messages/{}", said["id"].as_str().unwrap());
    let left = ana.get(&path).await.expect(200);
    assert_eq!(left["content"], "remember me not");
    assert_eq!(left["sender"]["displayName"], "deleted user");
    let credentials = json!({ "email": "ben", "password": PASSWORD });
    world
        .visitor()
        .post("/api/auth/login", credentials)
        .await
        .expect_problem(401, "bad_credentials");
    // The old names are free for others.
    world.person("ben").await;
}
