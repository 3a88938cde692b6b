//! Clients that send or are sent too much.

use std::fmt::Write as _;

use socketio::{Bounds, Options};

use crate::client::{Got, Line, Poller};
use crate::server::{Server, calm};

#[actix_web::test]
async fn thousands_of_namespaces_on_one_connection_are_refused_or_end_it() {
    let server = Server::start(calm());
    let mut good = Line::connect(&server).await;
    let mut line = Line::connect(&server).await;
    for number in 0..5_000 {
        line.throw(tokio_tungstenite::tungstenite::Message::text(format!(
            "40/none{number}"
        )))
        .await;
    }
    let mut refused = 0;
    loop {
        match line.next().await {
            Got::Text(text) if text.starts_with("44/none") => refused += 1,
            Got::Closed => break,
            other => panic!("{other:?}"),
        }
        if refused == 5_000 {
            break;
        }
    }
    let poller = Poller::connect(&server).await;
    let mut payload = String::new();
    for number in 0..5_000 {
        write!(payload, "40/none{number}\u{1e}").unwrap();
    }
    payload.pop();
    assert_eq!(poller.post(payload).await.status, 400);
    // It hears what it was told before, and that this is the end.
    while poller.poll().await.status == 200 {}
    assert!(poller.is_gone().await);
    good.send(r#"42["message","still here"]"#).await;
    assert_eq!(good.text().await, r#"42["message-back","still here"]"#);
    drop(line);
    server.stop().await;
}

#[actix_web::test]
async fn a_client_that_talks_and_never_listens_is_disconnected() {
    let server = Server::start(Options {
        outgoing: Bounds {
            bytes: 100_000,
            frames: 100,
        },
        ..calm()
    });
    let mut good = Line::connect(&server).await;
    let poller = Poller::connect(&server).await;
    let mut payload = String::new();
    for id in 0..1_000 {
        write!(payload, "42{id}[\"ask\"]\u{1e}").unwrap();
    }
    payload.pop();
    // Its answers find no place, and nobody waits for it to fetch them.
    while poller.post(payload.clone()).await.status == 200 {}
    assert!(poller.is_gone().await);
    good.send(r#"42["message","still here"]"#).await;
    assert_eq!(good.text().await, r#"42["message-back","still here"]"#);
    server.stop().await;
}

#[actix_web::test]
async fn pongs_that_nobody_asked_for_prove_nothing() {
    let server = Server::start(calm());
    let mut line = Line::connect(&server).await;
    for _ in 0..1_000 {
        line.send("3").await;
    }
    line.send(r#"42["message","still here"]"#).await;
    assert_eq!(line.text().await, r#"42["message-back","still here"]"#);
    server.stop().await;
}
