//! The WebSocket, against a scripted server.

#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::tests_outside_test_module,
    reason = "nothing but tests is in here"
)]

mod stage;

use std::time::Duration;

use protocol::realtime::CloseCode;
use serde_json::{Value, json};
use stage::{EPOCH, Stage, room};
use tertulia_client::{
    Account, Draft, Ending, Error, ErrorCode, Event, Events, Live, Options, Patience, Since,
    Standing,
};

/// Reconnects without pauses.
fn live(account: &Account) -> (Live, Events) {
    let patience = Patience {
        first: Duration::ZERO,
        longest: Duration::ZERO,
    };
    let revs = [(room(), 7)].into();
    let standing = Standing {
        epoch: Some(EPOCH.into()),
        revs,
    };
    account.live_with(standing, Options::default().with_patience(patience))
}

/// The next event about the connection itself.
async fn next(events: &mut Events) -> Option<Event> {
    while let Some(event) = events.next().await {
        if matches!(event, Event::Connected { .. } | Event::Disconnected { .. }) {
            return Some(event);
        }
    }
    None
}

async fn is_gone(events: &mut Events) -> (Ending, bool) {
    loop {
        match next(events).await {
            Some(Event::Disconnected { why, again }) => return (why, again.is_some()),
            Some(_) => {}
            None => panic!("it ended without a word"),
        }
    }
}

#[tokio::test]
async fn codes_below_4500_are_come_back_from_with_the_last_revs() {
    let stage = Stage::new().await;
    let account = stage.account();
    let (_live, mut events) = live(&account);
    let codes = CloseCode::ALL.iter().filter(|code| code.may_reconnect());
    for number in codes.map(|code| code.number()).chain([1001, 1011]) {
        let mut socket = stage.greets("first").await;
        let asked = socket.hears("subscribe").await;
        assert_eq!(asked["rooms"], json!({ room().to_string(): 7 }));
        socket.closes(number).await;
        let (why, again) = is_gone(&mut events).await;
        assert!(again, "{why}");
    }
    // The same if the connection breaks without a close frame.
    drop(stage.greets("first").await);
    assert!(is_gone(&mut events).await.1);
    stage.greets("first").await;
}

#[tokio::test]
async fn what_no_return_can_mend_is_final() {
    for code in [
        CloseCode::SessionRevoked,
        CloseCode::Breach,
        CloseCode::TooManyConnections,
        CloseCode::TooLong,
    ] {
        let stage = Stage::new().await;
        let account = stage.account();
        let (live, mut events) = live(&account);
        let mut socket = stage.greets("first").await;
        socket.hears("subscribe").await;
        socket.closes(code.number()).await;
        let (why, again) = is_gone(&mut events).await;
        assert!(!again, "{why}");
        assert!(matches!(why, Ending::Closed(told) if told == code), "{why}");
        assert!(events.next().await.is_none());
        let late = live.send(room(), Draft::text("hello?")).await;
        assert!(matches!(late, Err(Error::Closed)));
    }
}

#[tokio::test]
async fn a_token_that_ran_out_is_renewed_before_coming_back() {
    let stage = Stage::new().await;
    let account = stage.account();
    let (_live, mut events) = live(&account);
    stage.greets("first").await.closes(4501).await;
    assert!(is_gone(&mut events).await.1);
    stage.renews("first", "second").await;
    let mut socket = stage.greets("second").await;
    socket.hears("subscribe").await;
    drop(socket);
    assert!(is_gone(&mut events).await.1);
    // The same if the handshake is refused.
    stage
        .refuses_socket(401, problem(401, "token_expired"))
        .await;
    assert!(is_gone(&mut events).await.1);
    stage.renews("second", "third").await;
    let _socket = stage.greets("third").await;
    let told = next(&mut events).await;
    assert!(matches!(told, Some(Event::Connected { .. })), "{told:?}");
    assert_eq!(account.tokens().unwrap().access_token.reveal(), "third");
}

#[tokio::test]
async fn a_fresh_token_that_is_refused_too_is_final() {
    let stage = Stage::new().await;
    let account = stage.account();
    let (_live, mut events) = live(&account);
    stage
        .refuses_socket(401, problem(401, "unauthenticated"))
        .await;
    assert!(is_gone(&mut events).await.1);
    stage.renews("first", "second").await;
    stage
        .refuses_socket(401, problem(401, "unauthenticated"))
        .await;
    assert!(!is_gone(&mut events).await.1);
    assert!(events.next().await.is_none());
}

#[tokio::test]
async fn a_session_that_is_over_is_final() {
    let stage = Stage::new().await;
    let account = stage.account();
    let mut tokens = account.watch_tokens();
    let (_live, mut events) = live(&account);
    stage.greets("first").await.closes(4501).await;
    assert!(is_gone(&mut events).await.1);
    stage
        .answers(
            "POST /api/auth/refresh",
            401,
            problem(401, "session_revoked"),
        )
        .await;
    let (why, again) = is_gone(&mut events).await;
    assert!(!again && matches!(why, Ending::Refused(_)), "{why}");
    tokens.wait_for(Option::is_none).await.unwrap();
    assert!(matches!(account.me().await, Err(Error::SignedOut)));
}

#[tokio::test]
async fn doors_that_are_closed_for_a_moment_are_knocked_at_again() {
    let stage = Stage::new().await;
    let account = stage.account();
    let (_live, mut events) = live(&account);
    for (status, body) in [
        (503, problem(503, "unavailable")),
        (502, json!("nginx")),
        (500, problem(500, "internal")),
    ] {
        stage.refuses_socket(status, body).await;
        let (why, again) = is_gone(&mut events).await;
        assert!(again, "{why}");
    }
    stage.refuses_socket(429, problem(429, "too_many")).await;
    let (why, again) = is_gone(&mut events).await;
    let Ending::Refused(problem) = why else {
        panic!("{why}")
    };
    assert_eq!((problem.code, again), (ErrorCode::TooMany, false));
}

#[tokio::test]
async fn a_token_is_renewed_on_the_live_socket() {
    let stage = Stage::new().await;
    let account = stage.account();
    let (_live, _events) = live(&account);
    let mut socket = stage.greets("first").await;
    socket.hears("subscribe").await;
    socket
        .says(json!({ "type": "token_expiring", "in": 0 }))
        .await;
    stage.renews("first", "second").await;
    assert_eq!(socket.hears("auth").await["token"], "second");
}

#[tokio::test]
async fn what_was_not_acked_is_said_again_on_the_next_connection() {
    let stage = Stage::new().await;
    let account = stage.account();
    let (live, _events) = live(&account);
    let said = tokio::spawn(async move { live.send(room(), Draft::text("once")).await });
    let mut socket = stage.greets("first").await;
    let sent = socket.hears("send").await;
    drop(socket);
    let mut socket = stage.greets("first").await;
    let again = socket.hears("send").await;
    assert_eq!(again["clientId"], sent["clientId"]);
    assert_ne!(again["clientId"], Value::Null);
    let message = stage::message();
    socket
        .says(json!({ "type": "ack", "id": again["id"], "message": message }))
        .await;
    let said = said.await.unwrap().unwrap();
    assert_eq!(said.content.as_deref(), Some("once"));
}

#[tokio::test]
async fn too_long_a_frame_is_not_sent() {
    let stage = Stage::new().await;
    let account = stage.account();
    let (live, _events) = live(&account);
    let long = live.send(room(), Draft::text("x".repeat(128 * 1024))).await;
    assert!(matches!(long, Err(Error::TooLong)));
}

#[tokio::test]
async fn whoever_closes_says_goodbye() {
    let stage = Stage::new().await;
    let account = stage.account();
    let (live, mut events) = live(&account);
    let waiting = {
        let live = live.clone();
        tokio::spawn(async move { live.subscribe(room(), Since::Now).await })
    };
    let mut socket = stage.greets("first").await;
    socket.hears("subscribe").await;
    let (code, ()) = tokio::join!(socket.ends(), live.close());
    assert_eq!(code, Some(1000));
    assert!(matches!(waiting.await.unwrap(), Err(Error::Closed)));
    let (why, again) = is_gone(&mut events).await;
    assert!(matches!(why, Ending::Left) && !again, "{why}");
    assert!(events.next().await.is_none());
}

#[tokio::test]
async fn whoever_drops_everything_leaves() {
    let stage = Stage::new().await;
    let account = stage.account();
    let both = live(&account);
    let mut socket = stage.greets("first").await;
    socket.hears("subscribe").await;
    drop(both);
    assert_eq!(socket.ends().await, Some(1000));
}

fn problem(status: u16, code: &str) -> Value {
    stage::problem(status, code)
}
