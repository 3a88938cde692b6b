//! Heartbeats.

use crate::client::{Line, Poller};
use crate::server::{Server, options};

#[actix_web::test]
async fn a_client_that_polls_is_asked_again_and_again() {
    let server = Server::start(options());
    let poller = Poller::connect(&server).await;
    for _ in 0..3 {
        let polled = poller.poll().await;
        assert_eq!((polled.status, polled.body.as_str()), (200, "2"));
        let posted = poller.post("3").await;
        assert_eq!((posted.status, posted.body.as_str()), (200, "ok"));
    }
    server.stop().await;
}

#[actix_web::test]
async fn a_client_that_does_not_answer_polls_in_vain() {
    let server = Server::start(options());
    let poller = Poller::connect(&server).await;
    assert_eq!(poller.poll().await.body, "2");
    // The next poll waits until the time is over.
    assert_eq!(poller.poll().await.body, "1");
    assert!(poller.is_gone().await);
    server.stop().await;
}

#[actix_web::test]
async fn a_client_that_never_comes_back_is_forgotten() {
    let server = Server::start(options());
    let poller = Poller::connect(&server).await;
    crate::client::within(async {
        while server.io.sessions() > 0 {
            tokio::task::yield_now().await;
        }
    })
    .await;
    assert!(poller.is_gone().await);
    server.stop().await;
}

#[actix_web::test]
async fn a_websocket_is_asked_again_and_again() {
    let server = Server::start(options());
    let mut line = Line::connect(&server).await;
    for _ in 0..3 {
        assert_eq!(line.text().await, "2");
        line.send("3").await;
    }
    server.stop().await;
}

#[actix_web::test]
async fn a_websocket_that_does_not_answer_is_closed() {
    let server = Server::start(options());
    let mut line = Line::connect(&server).await;
    line.until_closed().await;
    server.stop().await;
}
