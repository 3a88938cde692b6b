//! Invalid input: the response names what is wrong, and nothing breaks.

use acceptance::{World, scenarios};
use reqwest::Method;
use serde_json::json;

scenarios![
    what_is_not_json_is_malformed,
    what_is_not_an_object_is_invalid,
    what_is_too_deep_is_malformed,
    what_is_too_large_is_refused,
    another_content_type_is_refused,
    every_bad_field_is_named,
    ids_that_are_none_lead_nowhere,
    unknown_fields_are_ignored,
    signing_in_comes_before_the_form,
    unknown_paths_and_methods_are_problems,
    odd_paths_are_answered,
    a_good_request_id_is_kept,
];

async fn what_is_not_json_is_malformed(world: &mut World) {
    let visitor = world.visitor();
    let bodies: [&[u8]; 7] = [
        b"{",
        b"{\"email\": }",
        b"not json",
        b"\xff\xfe",
        b"{\"email\": \"\xff\"}",
        b"{} {}",
        b"{\"email\":\"\\ud800\"}",
    ];
    for body in bodies {
        let answer = visitor.post_bytes("/api/auth/login", body).await;
        answer.expect_problem(400, "malformed");
    }
}

async fn what_is_not_an_object_is_invalid(world: &mut World) {
    for body in ["[]", "null", "1", "\"text\"", "true"] {
        let answer = world.visitor().post_bytes("/api/auth/login", body).await;
        assert_eq!(answer.expect_fields(), ["body"]);
    }
}

async fn what_is_too_deep_is_malformed(world: &mut World) {
    let ana = world.person("ana").await;
    let nested = |depth: usize| format!("{{\"x\":{}{}}}", "[".repeat(depth), "]".repeat(depth));
    for depth in [65, 10_000, 100_000] {
        let answer = ana.post_bytes("/api/rooms", nested(depth)).await;
        answer.expect_problem(400, "malformed");
    }
    let answer = ana.post_bytes("/api/rooms", nested(60)).await;
    assert_eq!(answer.expect_fields(), ["name"]);
}

async fn what_is_too_large_is_refused(world: &mut World) {
    let ana = world.person("ana").await;
    let room = ana.makes_room("tertulia").await;
    for bytes in [256 * 1024 + 1, 10 * 1024 * 1024] {
        let text = "x".repeat(bytes);
        ana.tries_to_post(&room, &text)
            .await
            .expect_problem(413, "too_large");
    }
    assert_eq!(
        ana.tries_to_post(&room, &"x".repeat(200_000))
            .await
            .expect_fields(),
        ["content"]
    );
}

async fn another_content_type_is_refused(world: &mut World) {
    let ana = world.person("ana").await;
    for kind in [
        "text/plain",
        "application/x-www-form-urlencoded",
        "application/xml",
    ] {
        let request = ana
            .request(Method::POST, "/api/rooms")
            .header("content-type", kind)
            .body("{\"name\":\"x\"}");
        ana.send(request)
            .await
            .expect_problem(415, "unsupported_media_type");
    }
    let request = ana
        .request(Method::POST, "/api/rooms")
        .header("content-type", "application/json; charset=utf-8")
        .body("{\"name\":\"x\"}");
    ana.send(request).await.expect(201);
}

async fn every_bad_field_is_named(world: &mut World) {
    let register = async |body| {
        world
            .visitor()
            .post("/api/auth/register", body)
            .await
            .expect_fields()
    };
    let all = json!({ "email": 1, "password": "short", "username": "a b", "displayName": "\u{0}" });
    assert_eq!(
        register(all).await,
        ["displayName", "email", "password", "username"]
    );
    let account = |password: &str| json!({ "email": "a@example.org", "username": "ana", "password": password });
    assert_eq!(register(account(&"x".repeat(73))).await, ["password"]);
    assert_eq!(register(account("seven77")).await, ["password"]);
    world
        .visitor()
        .post("/api/auth/register", account(&"x".repeat(72)))
        .await
        .expect(201);

    let ana = world.person("other").await;
    let problem = ana
        .post(
            "/api/rooms",
            json!({ "name": "a\u{0}b", "isPrivate": 1, "history": [] }),
        )
        .await
        .expect_problem(422, "invalid");
    for error in problem["errors"].as_array().unwrap() {
        for name in ["field", "code", "message"] {
            assert!(!error[name].as_str().unwrap().is_empty(), "{problem}");
        }
    }
    assert_eq!(problem["errors"].as_array().unwrap().len(), 3, "{problem}");
}

async fn ids_that_are_none_lead_nowhere(world: &mut World) {
    let ana = world.person("ana").await;
    for path in [
        "/api/rooms/1",
        "/api/rooms/1/messages",
        "/api/rooms/%00/events?since=0",
        "/api/rooms/..%2f..%2fetc/users",
        "/api/messages/abc",
        "/api/users/-1",
        "/api/chat/0",
        "/api/rooms/00000000-0000-0000-0000-000000000000",
    ] {
        ana.get(path).await.expect_problem(404, "not_found");
    }
    ana.tries_to_post("1", "x")
        .await
        .expect_problem(404, "not_found");
    let body = json!({ "roomId": "1" });
    assert_eq!(
        ana.post("/api/rooms/join", body).await.expect_fields(),
        ["roomId"]
    );
}

async fn unknown_fields_are_ignored(world: &mut World) {
    let ana = world.person("ana").await;
    let wish = json!({ "name": "tertulia", "colour": "red", "ownerId": "somebody else" });
    let room = ana.post("/api/rooms", wish).await.expect(201);
    assert_eq!(room["ownerId"], ana.id.as_str());
}

async fn signing_in_comes_before_the_form(world: &mut World) {
    let visitor = world.visitor();
    visitor
        .post_bytes("/api/rooms", "{")
        .await
        .expect_problem(401, "unauthenticated");
    visitor
        .get("/api/rooms/1")
        .await
        .expect_problem(401, "unauthenticated");
    // The form is validated before anything is looked up.
    let ana = world.person("ana").await;
    let nowhere = uuid::Uuid::now_v7().to_string();
    assert_eq!(
        ana.tries_to_post(&nowhere, "").await.expect_fields(),
        ["content"]
    );
}

async fn unknown_paths_and_methods_are_problems(world: &mut World) {
    let visitor = world.visitor();
    visitor
        .get("/api/nothing")
        .await
        .expect_problem(404, "not_found");
    visitor
        .get("/nothing")
        .await
        .expect_problem(404, "not_found");
    let answer = visitor.get("/api/auth/login").await;
    assert!(answer.header("allow").contains("POST"), "{answer:?}");
    answer.expect_problem(405, "method_not_allowed");
    let ana = world.person("ana").await;
    ana.put("/api/rooms")
        .await
        .expect_problem(405, "method_not_allowed");
}

async fn odd_paths_are_answered(world: &mut World) {
    let ana = world.person("ana").await;
    let long = format!("/api/rooms/{}", "x".repeat(4000));
    for path in [
        "/api/rooms/%ff%fe",
        "/api/rooms/%zz",
        "/api/users/search/%00",
        "/api//rooms",
        "/api/rooms?limit=%ff",
        "/api/rooms?cursor=%00",
        "/api/rooms?q=%00",
        "/api/messages/x/reactions/%00",
        "/api/invites/%00",
        &long,
    ] {
        for method in [Method::GET, Method::PUT, Method::DELETE] {
            let answer = ana.ask(method.clone(), path, None).await;
            assert!(
                (400..500).contains(&answer.status),
                "{method} {path}: {answer:?}"
            );
        }
    }
}

async fn a_good_request_id_is_kept(world: &mut World) {
    let visitor = world.visitor();
    let ask = async |id: &str| {
        let request = visitor
            .request(Method::GET, "/health/live")
            .header("x-request-id", id);
        visitor
            .send(request)
            .await
            .header("x-request-id")
            .to_owned()
    };
    assert_eq!(ask("order-66.a_B").await, "order-66.a_B");
    for odd in ["<script>", "a b", &"x".repeat(1000)] {
        assert_ne!(ask(odd).await, odd);
    }
    let made = visitor
        .get("/health/live")
        .await
        .header("x-request-id")
        .to_owned();
    assert!(!made.is_empty());
}
