//! How sessions are opened, and why they are refused.

use actix_web::http::header::SET_COOKIE;
use reqwest::Client;
use serde_json::{Value, json};
use socketio::{Cookie, Cors, Options, Origins};

use crate::client::{Answer, Line, Poller, ask, http_url, within};
use crate::server::{PATHS, Server, options};

fn keys(opened: &Value) -> Vec<&String> {
    let mut keys: Vec<_> = opened.as_object().unwrap().keys().collect();
    keys.sort();
    keys
}

fn assert_opened(opened: &Value, upgrades: &Value) {
    let expected = [
        "maxPayload",
        "pingInterval",
        "pingTimeout",
        "sid",
        "upgrades",
    ];
    assert_eq!(keys(opened), expected);
    assert!(opened["sid"].is_string());
    assert_eq!(opened["upgrades"], *upgrades);
    assert_eq!(opened["pingInterval"], 300);
    assert_eq!(opened["pingTimeout"], 200);
    assert_eq!(opened["maxPayload"], 1_000_000);
}

#[actix_web::test]
async fn a_poll_opens_a_session() {
    let server = Server::start(options());
    let poller = Poller::open(&server).await;
    assert_opened(&poller.opened, &json!(["websocket"]));
    server.stop().await;
}

#[actix_web::test]
async fn a_websocket_opens_a_session() {
    let server = Server::start(options());
    let (_line, opened) = Line::open(&server).await;
    assert_opened(&opened, &json!([]));
    server.stop().await;
}

#[actix_web::test]
async fn what_is_wrong_with_a_request_is_named() {
    let server = Server::start(options());
    let http = Client::new();
    let unsupported = Answer::refused(5, "Unsupported protocol version");
    let unknown = Answer::refused(0, "Transport unknown");
    let stranger = Answer::refused(1, "Session ID unknown");
    for (query, refused) in [
        ("transport=polling", &unsupported),
        ("EIO=abc&transport=polling", &unsupported),
        ("EIO=3&transport=polling", &unsupported),
        ("EIO=4", &unknown),
        ("EIO=4&transport=abc", &unknown),
        ("EIO=4&transport=polling&sid=", &stranger),
        ("EIO=4&transport=polling&sid=AAAAAAAAAAAAAAAA", &stranger),
        (
            "EIO=4&transport=websocket",
            &Answer::refused(3, "Bad request"),
        ),
    ] {
        let answer = ask(http.get(http_url(&server, query))).await;
        assert_eq!(answer.json(), *refused, "{query}");
    }
    let open = http_url(&server, "EIO=4&transport=polling");
    for request in [http.post(&open), http.put(&open), http.delete(&open)] {
        let refused = Answer::refused(2, "Bad handshake method");
        assert_eq!(ask(request).await.json(), refused);
    }
    let posted = http.post(format!("{open}&sid=AAAAAAAAAAAAAAAA"));
    assert_eq!(ask(posted.body("40")).await.json(), stranger);
    server.stop().await;
}

#[actix_web::test]
async fn what_is_wrong_with_a_websocket_is_refused() {
    let server = Server::start(options());
    for query in [
        "transport=websocket",
        "EIO=abc&transport=websocket",
        "EIO=3&transport=websocket",
        "EIO=4",
        "EIO=4&transport=abc",
        "EIO=4&transport=polling&sid=AAAAAAAAAAAAAAAA",
        "EIO=4&transport=websocket&sid=AAAAAAAAAAAAAAAA",
    ] {
        assert_eq!(Line::dial(&server, query).await.err(), Some(400), "{query}");
    }
    server.stop().await;
}

#[actix_web::test]
async fn every_path_serves_with_and_without_its_slash() {
    let server = Server::start(options());
    for path in PATHS {
        let path = path.trim_end_matches('/');
        for path in [path.to_owned(), format!("{path}/")] {
            let url = format!("http://{}{path}?EIO=4&transport=polling", server.address);
            assert_eq!(ask(Client::new().get(url)).await.status, 200, "{path}");
        }
    }
    server.stop().await;
}

fn open_to(origins: Origins, credentials: bool) -> Options {
    Options {
        cors: Cors {
            origins,
            credentials,
            ..Cors::default()
        },
        ..options()
    }
}

#[actix_web::test]
async fn a_foreign_page_may_not_connect() {
    let known = "https://known.example";
    let server = Server::start(open_to(Origins::Only(vec![known.to_owned()]), true));
    let url = http_url(&server, "EIO=4&transport=polling");
    let from = |origin: &str| Client::new().get(&url).header("Origin", origin);
    let refused = (403, json!({ "code": 4, "message": "Forbidden" }));
    assert_eq!(ask(from("https://foreign.example")).await.json(), refused);
    let own = format!("http://{}", server.address);
    assert_eq!(ask(from(&own)).await.status, 200);
    let response = within(from(known).send()).await.unwrap();
    assert_eq!(response.status(), 200);
    let headers = response.headers();
    assert_eq!(headers["access-control-allow-origin"], known);
    assert_eq!(headers["access-control-allow-credentials"], "true");
    assert_eq!(headers["vary"], "Origin");
    let upgrade = Client::new()
        .get(http_url(&server, "EIO=4&transport=websocket"))
        .header("Origin", "https://foreign.example")
        .header("Connection", "Upgrade")
        .header("Upgrade", "websocket");
    assert_eq!(ask(upgrade).await.json(), refused);
    server.stop().await;
}

#[actix_web::test]
async fn where_something_around_it_tells_pages_it_only_keeps_foreign_ones_out() {
    let known = "https://known.example";
    let mut options = open_to(Origins::Only(vec![known.to_owned()]), true);
    options.cors.told_elsewhere = true;
    let server = Server::start(options);
    let url = http_url(&server, "EIO=4&transport=polling");
    let from = |origin: &str| Client::new().get(&url).header("Origin", origin);
    assert_eq!(ask(from("https://foreign.example")).await.status, 403);
    let response = within(from(known).send()).await.unwrap();
    assert_eq!(response.status(), 200);
    for name in ["access-control-allow-origin", "vary"] {
        assert!(!response.headers().contains_key(name), "{name}");
    }
    server.stop().await;
}

#[actix_web::test]
async fn any_page_may_connect_if_so_wished() {
    let server = Server::start(open_to(Origins::Any, false));
    let url = http_url(&server, "EIO=4&transport=polling");
    let preflight = Client::new()
        .request(reqwest::Method::OPTIONS, &url)
        .header("Origin", "https://any.example")
        .header("Access-Control-Request-Method", "POST")
        .header(
            "Access-Control-Request-Headers",
            "content-type,authorization",
        );
    let response = within(preflight.send()).await.unwrap();
    assert_eq!(response.status(), 204);
    let headers = response.headers();
    assert_eq!(headers["access-control-allow-origin"], "*");
    assert_eq!(
        headers["access-control-allow-methods"],
        "GET, POST, OPTIONS"
    );
    assert_eq!(
        headers["access-control-allow-headers"],
        "content-type,authorization"
    );
    assert!(!headers.contains_key("access-control-allow-credentials"));
    server.stop().await;
}

#[actix_web::test]
async fn a_cookie_leads_a_client_back_to_its_node() {
    let server = Server::start(Options {
        cookie: Some(Cookie::default()),
        ..options()
    });
    let url = http_url(&server, "EIO=4&transport=polling");
    let response = within(Client::new().get(&url).send()).await.unwrap();
    let cookie = response.headers()[SET_COOKIE.as_str()]
        .to_str()
        .unwrap()
        .to_owned();
    assert_eq!(response.headers()["cache-control"], "no-store");
    let body = within(response.text()).await.unwrap();
    let opened: Value = serde_json::from_str(&body[1..]).unwrap();
    let sid = opened["sid"].as_str().unwrap();
    assert_eq!(cookie, format!("io={sid}; HttpOnly; SameSite=Lax; Path=/"));
    server.stop().await;
}

#[actix_web::test]
async fn there_are_not_more_sessions_than_may_be() {
    let server = Server::start(Options {
        max_sessions: 2,
        ..options()
    });
    let url = http_url(&server, "EIO=4&transport=polling");
    let one = Poller::connect(&server).await;
    let _two = Poller::open(&server).await;
    assert_eq!(ask(Client::new().get(&url)).await.status, 503);
    one.post("1").await;
    while server.io.sessions() > 1 {
        tokio::task::yield_now().await;
    }
    assert_eq!(ask(Client::new().get(&url)).await.status, 200);
    server.stop().await;
}
