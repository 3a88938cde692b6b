//! Attachments that are too many, too large, or never come.

use socketio::Options;

use crate::client::{Got, Line, Poller};
use crate::server::{Server, options};

const ONE: &str = r#"451-["message",{"_placeholder":true,"num":0}]"#;

fn narrow() -> Options {
    Options {
        max_attachments: 2,
        max_attached: 1_000,
        ..options()
    }
}

#[actix_web::test]
async fn too_many_attachments_end_the_session() {
    let server = Server::start(narrow());
    for count in ["3", "99999", "99999999999999999999999", "-1", ""] {
        let mut line = Line::connect(&server).await;
        line.send(format!(
            r#"45{count}-["message",{{"_placeholder":true,"num":0}}]"#
        ))
        .await;
        line.until_closed().await;
    }
    server.stop().await;
}

#[actix_web::test]
async fn attachments_that_are_too_large_end_the_session() {
    let server = Server::start(narrow());
    let mut line = Line::connect(&server).await;
    line.send(ONE).await;
    line.send_binary(&[7; 1_001]).await;
    line.until_closed().await;
    let poller = Poller::connect(&server).await;
    let payload = format!("{ONE}\u{1e}b{}", "AAAA".repeat(400));
    assert_eq!(poller.post(payload).await.status, 400);
    assert!(poller.is_gone().await);
    server.stop().await;
}

#[actix_web::test]
async fn attachments_that_nobody_announced_end_the_session() {
    let server = Server::start(narrow());
    let mut line = Line::connect(&server).await;
    line.send_binary(&[1, 2, 3]).await;
    line.until_closed().await;
    let poller = Poller::connect(&server).await;
    assert_eq!(poller.post("bAAAA").await.status, 400);
    assert!(poller.is_gone().await);
    server.stop().await;
}

#[actix_web::test]
async fn attachments_that_never_come_keep_nothing_but_their_event() {
    let server = Server::start(narrow());
    let mut line = Line::connect(&server).await;
    line.send(ONE).await;
    // The heart beats on, as long as nothing else comes.
    for _ in 0..3 {
        assert_eq!(line.next().await, Got::Text("2".to_owned()));
        line.send("3").await;
    }
    line.send(r#"42["message"]"#).await;
    line.until_closed().await;
    server.stop().await;
}

#[actix_web::test]
async fn place_holders_for_nothing_are_only_values() {
    let server = Server::start(narrow());
    let mut line = Line::connect(&server).await;
    let wrong = r#"["message",{"_placeholder":true,"num":-1},{"_placeholder":true,"num":9e99}]"#;
    line.send(format!("451-{wrong}")).await;
    line.send_binary(&[1]).await;
    assert!(
        line.packet()
            .await
            .starts_with(r#"451-["message-back",{"_placeholder":true,"num":-1}"#)
    );
    assert_eq!(line.message().await, Got::Binary(vec![1]));
    server.stop().await;
}
