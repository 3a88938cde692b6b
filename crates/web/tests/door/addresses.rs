//! Paths, methods, and what every response carries.

use serde_json::json;

use crate::house::{House, Plan};

#[actix_web::test]
async fn an_address_that_leads_nowhere_is_not_found() {
    let house = House::new();
    for path in [
        "/nowhere",
        "/api",
        "/api/rooms/1/2/3",
        "/api/",
        "/chat/rooms",
    ] {
        for method in ["GET", "POST", "DELETE", "BREW"] {
            let told = house.ask(method, path).send().await;
            told.refuses(404, "not_found");
        }
    }
}

#[actix_web::test]
async fn a_method_that_is_not_answered_is_told_which_are() {
    let house = House::new();
    for (method, path, allow) in [
        ("DELETE", "/api/rooms", "OPTIONS, GET, HEAD, POST"),
        ("GET", "/api/auth/login", "OPTIONS, POST"),
        ("POST", "/health", "OPTIONS, GET, HEAD"),
        (
            "TRACE",
            "/api/users/me",
            "OPTIONS, GET, HEAD, PATCH, DELETE",
        ),
    ] {
        let told = house.ask(method, path).send().await;
        told.refuses(405, "method_not_allowed");
        assert_eq!(told.header("allow"), allow);
        let told = house.ask("OPTIONS", path).send().await;
        told.is(204);
        assert_eq!(told.header("allow"), allow);
    }
}

#[actix_web::test]
async fn head_says_what_get_would_without_the_body() {
    let house = House::new();
    let ana = house.person("ana").await;
    let get = house.read(&ana, "/api/users/me").await;
    let head = house.ask("HEAD", "/api/users/me").token(&ana.token);
    let head = head.send().await;
    head.is(200);
    assert!(head.body.is_empty());
    for name in ["content-type", "content-length"] {
        assert_eq!(head.header(name), get.header(name));
    }
    let refused = house.ask("HEAD", "/api/users/me").send().await;
    assert_eq!(refused.status, 401);
    assert!(refused.body.is_empty());
}

#[actix_web::test]
async fn a_request_has_a_name() {
    let house = House::new();
    let told = house
        .ask("GET", "/api/rooms")
        .header("x-request-id", "trace:1.2_3-4")
        .send()
        .await;
    told.refuses(401, "unauthenticated");
    assert_eq!(told.header("x-request-id"), "trace:1.2_3-4");

    let mut names = Vec::new();
    for junk in ["", "a b", "<script>", &"x".repeat(129)] {
        let asked = house.ask("GET", "/health/live");
        let told = asked.header("x-request-id", junk).send().await;
        told.is(200);
        let name = told.header("x-request-id").to_owned();
        assert!(protocol::parse_id(&name).is_some(), "{name}");
        names.push(name);
    }
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), 4, "each request has one of its own");
}

#[actix_web::test]
async fn every_answer_is_safe_to_look_at_and_kept_by_nobody() {
    let house = House::new();
    let ana = house.person("ana").await;
    for told in [
        house.read(&ana, "/api/users/me").await,
        house.ask("GET", "/nowhere").send().await,
        house.ask("DELETE", "/api/rooms").send().await,
        house.ask("OPTIONS", "/api/rooms").send().await,
        house.ask("GET", "/health").send().await,
    ] {
        for (name, value) in [
            ("cache-control", "no-store"),
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            ("referrer-policy", "no-referrer"),
            (
                "content-security-policy",
                "default-src 'none'; frame-ancestors 'none'",
            ),
        ] {
            assert_eq!(told.header(name), value);
        }
        assert!(told.all("strict-transport-security").is_empty());
    }

    let mut plan = Plan::new();
    plan.options.tls_terminated = true;
    let told = plan.open().ask("GET", "/health").send().await;
    assert_eq!(
        told.header("strict-transport-security"),
        "max-age=86400; includeSubDomains"
    );
}

#[actix_web::test]
async fn odd_addresses_break_nothing() {
    let house = House::new();
    let ana = house.person("ana").await;
    let room = house.room(&ana, json!({ "name": "Lobby" })).await;
    let message = house.post(&ana, &room, "hello").await;
    let message = message["id"].as_str().unwrap();
    let long = "x".repeat(60_000);
    let odd = [
        "%00",
        "%",
        "%zz",
        "%ff%fe",
        "%2F",
        "%2e%2e",
        "..",
        ".",
        "é",
        "%F0%9F%92%A9",
        "a%0d%0ab",
        "{}",
        "*",
        ";",
        "&",
        "'",
        "\"",
        "\\",
        "|",
        "+",
        "%25",
        "%2500",
        &long,
    ];
    for piece in odd {
        for path in [
            format!("/{piece}"),
            format!("/api/{piece}"),
            format!("/api/rooms/{piece}"),
            format!("/api/rooms/{piece}/messages"),
            format!("/api/rooms/{room}/messages?cursor={piece}&limit={piece}"),
            format!("/api/users/{piece}"),
            format!("/api/users/search/{piece}"),
            format!("/api/users?ids={piece}"),
            format!("/api/invites/{piece}"),
            format!("/api/search/messages?q={piece}"),
        ] {
            let told = house.read(&ana, &path).await;
            assert!(told.status < 500, "{} of {path:.80}", told.status);
        }
        let path = format!("/api/messages/{message}/reactions/{piece}");
        let told = house.act(&ana, "PUT", &path, json!(null)).await;
        assert!(told.status < 500, "{} of {path:.80}", told.status);
    }
    house.ask("GET", "*").send().await.refuses(404, "not_found");
}

#[actix_web::test]
async fn an_id_that_is_none_is_not_found_in_a_path_and_bad_elsewhere() {
    let house = House::new();
    let ana = house.person("ana").await;
    for path in [
        "/api/rooms/7",
        "/api/rooms/0195b4a0000070008000000000000001",
        "/api/users/ana",
        "/api/messages/room/1-2",
        "/api/invites/abc",
    ] {
        house.read(&ana, path).await.refuses(404, "not_found");
    }
    for (path, field) in [
        ("/api/rooms?cursor=7", "cursor format"),
        ("/api/rooms?limit=101", "limit range"),
        ("/api/rooms?limit=many", "limit type"),
        ("/api/users?ids=1,2", "ids format"),
        ("/api/search/messages", "q required"),
        ("/api/users/search/%00", "q format"),
    ] {
        assert_eq!(house.read(&ana, path).await.bad_fields(), [field], "{path}");
    }
}

#[actix_web::test]
async fn health_is_told_to_everybody() {
    let house = House::new();
    for path in ["/health", "/health/live", "/health/ready"] {
        let told = house.ask("GET", path).send().await.is(200);
        assert_eq!(told, json!({ "status": "ok", "ok": true, "backends": [] }));
    }
}

#[actix_web::test]
async fn a_browser_is_greeted() {
    let house = House::new();
    let told = house.ask("GET", "/").send().await;
    assert_eq!(told.status, 200);
    assert_eq!(told.header("content-type"), "text/html; charset=utf-8");
    assert!(String::from_utf8(told.body).unwrap().contains("Tertulia"));
    let refused = house.ask("POST", "/").send().await;
    refused.refuses(405, "method_not_allowed");
}

mod backends {
    use std::sync::Arc;

    use async_trait::async_trait;
    use domain::Failure;
    use domain::port::Probe;
    use serde_json::Value;

    use crate::house::Plan;

    struct Backend(&'static str, bool);

    #[async_trait]
    impl Probe for Backend {
        fn name(&self) -> &'static str {
            self.0
        }

        async fn check(&self) -> Result<(), Failure> {
            if self.1 {
                Ok(())
            } else {
                Err(Failure::passing(self.0, "answer", "10.0.0.1 is away"))
            }
        }
    }

    async fn ready(store: bool, bus: bool, status: u16) -> Value {
        let mut plan = Plan::new();
        plan.probes = vec![
            Arc::new(Backend("store", store)),
            Arc::new(Backend("bus", bus)),
        ];
        let house = plan.open();
        let told = house.ask("GET", "/health/ready").send().await;
        assert!(!told.body.escape_ascii().to_string().contains("10.0.0.1"));
        house.ask("GET", "/health/live").send().await.is(200);
        told.is(status)
    }

    #[actix_web::test]
    async fn without_its_store_a_server_is_not_ready() {
        assert_eq!(ready(true, true, 200).await["status"], "ok");
        assert_eq!(ready(false, true, 503).await["status"], "down");
        let degraded = ready(true, false, 200).await;
        assert_eq!(degraded["status"], "degraded");
        assert_eq!(degraded["backends"][1]["name"], "bus");
        assert_eq!(degraded["backends"][1]["state"], "down");
    }
}
