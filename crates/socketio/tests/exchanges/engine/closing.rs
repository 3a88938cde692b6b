//! How a client ends its session.

use crate::client::{Line, Poller};
use crate::server::{Server, calm};

#[actix_web::test]
async fn a_client_that_polls_says_goodbye() {
    let server = Server::start(calm());
    let poller = Poller::connect(&server).await;
    let (polled, posted) = futures::join!(poller.poll(), poller.post("1"));
    assert_eq!((posted.status, posted.body.as_str()), (200, "ok"));
    // Either the poll was there when it came, or the session was gone already.
    if polled.status == 200 {
        assert_eq!(polled.body, "6");
    }
    assert!(poller.is_gone().await);
    server.stop().await;
}

#[actix_web::test]
async fn a_client_with_a_websocket_says_goodbye() {
    let server = Server::start(calm());
    let mut line = Line::connect(&server).await;
    line.send("1").await;
    line.until_closed().await;
    server.stop().await;
}
