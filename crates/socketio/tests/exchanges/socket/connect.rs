//! How clients connect to namespaces, and leave them.

use serde_json::{Value, json};
use socketio::{ConnectError, Handshake, Incoming, Namespaces, Socket};

use crate::client::{Line, Poller};
use crate::server::{Server, calm, echoes, options};

fn sid_of<'a>(packet: &'a str, head: &str) -> &'a str {
    let json = packet.strip_prefix(head).unwrap();
    let sid = json
        .strip_prefix(r#"{"sid":""#)
        .and_then(|rest| rest.strip_suffix("\"}"));
    sid.unwrap_or_else(|| panic!("{packet}"))
}

#[actix_web::test]
async fn a_client_connects_with_and_without_a_payload() {
    let server = Server::start(calm());
    for (packet, head, greeting) in [
        ("40", "40", r#"42["auth",{}]"#),
        (
            r#"40{"token":"123"}"#,
            "40",
            r#"42["auth",{"token":"123"}]"#,
        ),
        ("40/custom,", "40/custom,", r#"42/custom,["auth",{}]"#),
        ("40/custom", "40/custom,", r#"42/custom,["auth",{}]"#),
        (
            r#"40/custom,{"token":"abc"}"#,
            "40/custom,",
            r#"42/custom,["auth",{"token":"abc"}]"#,
        ),
    ] {
        let (mut line, opened) = Line::open(&server).await;
        line.send(packet).await;
        let connected = line.text().await;
        let sid = sid_of(&connected, head);
        // Its session's id is a secret, and what others may know of it is not the same.
        assert_ne!(sid, opened["sid"].as_str().unwrap());
        assert_eq!(line.text().await, greeting);
    }
    server.stop().await;
}

#[actix_web::test]
async fn nobody_connects_to_a_namespace_that_there_is_not() {
    let server = Server::start(calm());
    let (mut line, _) = Line::open(&server).await;
    line.send("40/random").await;
    assert_eq!(
        line.text().await,
        r#"44/random,{"message":"Invalid namespace"}"#
    );
    line.send("40").await;
    assert!(line.text().await.starts_with("40{"));
    server.stop().await;
}

#[actix_web::test]
async fn what_is_no_connection_ends_the_session() {
    let server = Server::start(calm());
    for packet in [
        "4abc",
        "40[]",
        "40\"text\"",
        "42[\"early\"]",
        "43[]",
        "45",
        "4",
    ] {
        let (mut line, _) = Line::open(&server).await;
        line.send(packet).await;
        line.until_closed().await;
    }
    server.stop().await;
}

#[actix_web::test]
async fn nobody_connects_twice() {
    let server = Server::start(calm());
    let mut line = Line::connect(&server).await;
    line.send("40").await;
    line.until_closed().await;
    server.stop().await;
}

#[actix_web::test]
async fn whoever_leaves_the_only_namespace_is_still_there() {
    let server = Server::start(options());
    let mut line = Line::connect(&server).await;
    line.send("41").await;
    assert_eq!(line.text().await, "2");
    server.stop().await;
}

#[actix_web::test]
async fn whoever_leaves_one_namespace_stays_in_the_other() {
    let server = Server::start(options());
    let mut line = Line::connect(&server).await;
    line.send("40/custom").await;
    assert!(line.packet().await.starts_with("40/custom,{"));
    assert_eq!(line.packet().await, r#"42/custom,["auth",{}]"#);
    line.send("41/custom").await;
    line.send(r#"42["message","message to main namespace"]"#)
        .await;
    assert_eq!(
        line.packet().await,
        r#"42["message-back","message to main namespace"]"#
    );
    // And may come back.
    line.send("40/custom").await;
    assert!(line.packet().await.starts_with("40/custom,{"));
    server.stop().await;
}

async fn authorize(handshake: &Handshake) -> Result<String, ConnectError> {
    // Whoever asks elsewhere does so before it decides.
    tokio::task::yield_now().await;
    let header = handshake.header("authorization").map(str::to_owned);
    let token = handshake.auth["token"].as_str().map(str::to_owned);
    match token.or(header).or(handshake.query("token")) {
        Some(token) if token != "wrong" => Ok(token),
        Some(_) => Err(ConnectError::with_data(
            "not you",
            json!({ "code": "bad_token" }),
        )),
        None => Err(ConnectError::new("who are you?")),
    }
}

fn guarded() -> Namespaces {
    Namespaces::new().guarded(
        "admin",
        authorize,
        async |socket: Socket, _, token: String| {
            socket.emit("hello", &token).unwrap();
            while socket.next().await.is_some() {}
        },
    )
}

#[actix_web::test]
async fn a_guard_says_who_may_come_in_and_why_not() {
    let server = Server::serving(calm(), guarded);
    let (mut line, _) = Line::open(&server).await;
    line.send("40/admin").await;
    assert_eq!(line.text().await, r#"44/admin,{"message":"who are you?"}"#);
    line.send(r#"40/admin,{"token":"wrong"}"#).await;
    let refused = line.text().await;
    let refused: Value = serde_json::from_str(refused.strip_prefix("44/admin,").unwrap()).unwrap();
    assert_eq!(
        refused,
        json!({ "message": "not you", "data": { "code": "bad_token" } })
    );
    line.send(r#"40/admin,{"token":"right"}"#).await;
    assert!(line.text().await.starts_with("40/admin,{"));
    assert_eq!(line.text().await, r#"42/admin,["hello","right"]"#);
    server.stop().await;
}

#[actix_web::test]
async fn a_guard_sees_the_request_that_opened_the_session() {
    let server = Server::serving(calm(), guarded);
    let query = "EIO=4&transport=websocket&token=of%20the%20query";
    let mut line = Line::dial(&server, query).await.unwrap();
    line.text().await;
    line.send("40/admin").await;
    assert!(line.text().await.starts_with("40/admin,{"));
    assert_eq!(line.text().await, r#"42/admin,["hello","of the query"]"#);
    server.stop().await;
}

#[actix_web::test]
async fn a_guard_that_never_decides_keeps_nobody() {
    let server = Server::serving(calm(), || {
        let never =
            async |_: &Handshake| -> Result<(), ConnectError> { std::future::pending().await };
        Namespaces::new().guarded("/", never, async |_, _, ()| ())
    });
    let (mut line, _) = Line::open(&server).await;
    line.send("40").await;
    line.send("41").await;
    line.send("1").await;
    line.until_closed().await;
    // Stopping finds no task that is left.
    server.stop().await;
}

#[actix_web::test]
async fn the_end_of_an_owner_is_the_end_of_its_socket() {
    let server = Server::serving(calm(), || {
        echoes().on("/short", async |socket: Socket, _| {
            socket.emit("goodbye", &()).unwrap();
        })
    });
    let mut line = Line::connect(&server).await;
    line.send("40/short").await;
    assert!(line.text().await.starts_with("40/short,{"));
    assert!(line.text().await.starts_with(r#"42/short,["goodbye""#));
    assert_eq!(line.text().await, "41/short,");
    // What was sent before the client knew is forgiven.
    line.send(r#"42/short,["late"]"#).await;
    line.send(r#"42["message","hello"]"#).await;
    assert_eq!(line.text().await, r#"42["message-back","hello"]"#);
    server.stop().await;
}

#[actix_web::test]
async fn a_polling_client_is_told_that_it_is_disconnected_for_good() {
    let server = Server::serving(calm(), || {
        Namespaces::new().on("/", async |socket: Socket, handshake| {
            while let Some(incoming) = socket.next().await {
                if matches!(incoming, Incoming::Event(_)) {
                    socket.emit("last", &1).unwrap();
                    socket.disconnect(true);
                }
            }
            drop(handshake);
        })
    });
    let poller = Poller::open(&server).await;
    poller.post("40").await;
    assert!(poller.poll().await.body.starts_with("40{"));
    assert_eq!(poller.post(r#"42["go"]"#).await.body, "ok");
    // However late the next poll comes, it hears all of it.
    assert_eq!(poller.poll().await.body, "42[\"last\",1]\u{1e}41");
    assert_eq!(poller.poll().await.body, "1");
    assert!(poller.is_gone().await);
    server.stop().await;
}
