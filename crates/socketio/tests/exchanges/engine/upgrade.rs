//! The upgrade from polling to a WebSocket.

use std::time::Duration;

use socketio::{Bounds, Options};

use crate::client::{Answer, Got, Line, Poller, within};
use crate::server::{Server, calm};

async fn beside(server: &Server, poller: &Poller) -> Line {
    let query = format!("EIO=4&transport=websocket&sid={}", poller.sid);
    Line::dial(server, &query).await.unwrap()
}

/// A client whose session was opened by polling and is on a WebSocket.
async fn upgraded(server: &Server) -> (Poller, Line) {
    let poller = Poller::connect(server).await;
    let mut line = beside(server, &poller).await;
    line.send("2probe").await;
    assert_eq!(line.text().await, "3probe");
    line.send("5").await;
    (poller, line)
}

#[actix_web::test]
async fn a_websocket_takes_over() {
    let server = Server::start(calm());
    // Often enough that both workers open sessions and take over those of the other.
    for _ in 0..20 {
        let poller = Poller::connect(&server).await;
        let mut line = beside(&server, &poller).await;
        line.send("2probe").await;
        assert_eq!(line.text().await, "3probe");
        // A poll is kept short, so that the client can let go of it.
        assert_eq!(poller.poll().await.body, "6");
        line.send("5").await;
        line.send(r#"42["message","hello"]"#).await;
        assert_eq!(line.text().await, r#"42["message-back","hello"]"#);
    }
    server.stop().await;
}

#[actix_web::test]
async fn a_poll_that_waits_is_let_go_when_a_websocket_probes() {
    let server = Server::start(calm());
    let poller = Poller::connect(&server).await;
    let mut line = beside(&server, &poller).await;
    let probing = async {
        line.send("2probe").await;
        assert_eq!(line.text().await, "3probe");
    };
    let (polled, ()) = futures::join!(poller.poll(), probing);
    assert_eq!(polled.body, "6");
    server.stop().await;
}

#[actix_web::test]
async fn polls_and_posts_are_refused_after_an_upgrade() {
    let server = Server::start(calm());
    let (poller, mut line) = upgraded(&server).await;
    line.send(r#"42["message","one"]"#).await;
    assert_eq!(line.text().await, r#"42["message-back","one"]"#);
    let refused = Answer::refused(3, "Bad request");
    assert_eq!(poller.poll().await.json(), refused);
    assert_eq!(poller.post("40").await.json(), refused);
    line.send(r#"42["message","two"]"#).await;
    assert_eq!(line.text().await, r#"42["message-back","two"]"#);
    server.stop().await;
}

#[actix_web::test]
async fn a_second_websocket_is_refused() {
    let server = Server::start(calm());
    let poller = Poller::connect(&server).await;
    let query = format!("EIO=4&transport=websocket&sid={}", poller.sid);
    let mut line = beside(&server, &poller).await;
    assert_eq!(
        Line::dial(&server, &query).await.err(),
        Some(400),
        "while another probes"
    );
    line.send("2probe").await;
    assert_eq!(line.text().await, "3probe");
    line.send("5").await;
    line.send(r#"42["message","one"]"#).await;
    assert_eq!(line.text().await, r#"42["message-back","one"]"#);
    assert_eq!(
        Line::dial(&server, &query).await.err(),
        Some(400),
        "after it took over"
    );
    line.send(r#"42["message","two"]"#).await;
    assert_eq!(line.text().await, r#"42["message-back","two"]"#);
    server.stop().await;
}

#[actix_web::test]
async fn a_session_on_a_websocket_takes_no_polls() {
    let server = Server::start(calm());
    let (_line, opened) = Line::open(&server).await;
    let sid = opened["sid"].as_str().unwrap();
    let url = crate::client::http_url(&server, &format!("EIO=4&transport=polling&sid={sid}"));
    let http = reqwest::Client::new();
    let refused = Answer::refused(3, "Bad request");
    assert_eq!(crate::client::ask(http.get(&url)).await.json(), refused);
    assert_eq!(
        crate::client::ask(http.post(&url).body("40")).await.json(),
        refused
    );
    server.stop().await;
}

#[actix_web::test]
async fn whoever_does_not_take_over_leaves_the_polling_as_it_was() {
    let server = Server::start(Options {
        upgrade_timeout: Duration::from_secs(1),
        ..calm()
    });
    let poller = Poller::connect(&server).await;
    for first in ["5", "4hello", "2wrong"] {
        let mut line = beside(&server, &poller).await;
        line.send(first).await;
        line.until_closed().await;
    }
    let mut idle = beside(&server, &poller).await;
    idle.until_closed().await;
    // A client that goes away without a goodbye leaves a moment later.
    drop(beside(&server, &poller).await);
    let query = format!("EIO=4&transport=websocket&sid={}", poller.sid);
    within(Box::pin(async {
        while Line::dial(&server, &query).await.is_err() {}
    }))
    .await;
    poller.post(r#"42["message","still here"]"#).await;
    assert_eq!(
        poller.packets().await,
        [r#"42["message-back","still here"]"#]
    );
    server.stop().await;
}

#[actix_web::test]
async fn nothing_is_lost_doubled_or_out_of_order_while_a_websocket_takes_over() {
    let server = Server::start(calm());
    for _ in 0..10 {
        let poller = Poller::connect(&server).await;
        let numbers = |range: std::ops::Range<u32>| {
            let packets = range.map(|number| format!(r#"42["message",{number}]"#));
            packets.collect::<Vec<_>>().join("\u{1e}")
        };
        assert_eq!(poller.post(numbers(0..100)).await.body, "ok");
        let mut line = beside(&server, &poller).await;
        line.send("2probe").await;
        assert_eq!(line.text().await, "3probe");
        assert_eq!(poller.post(numbers(100..200)).await.body, "ok");
        let mut got = poller.packets().await;
        line.send("5").await;
        for number in 200..300 {
            line.send(format!(r#"42["message",{number}]"#)).await;
        }
        got.retain(|packet| packet != "6");
        while got.len() < 300 {
            match line.message().await {
                Got::Text(text) => got.push(text),
                other => panic!("{other:?}"),
            }
        }
        let expected: Vec<_> = (0..300)
            .map(|number| format!(r#"42["message-back",{number}]"#))
            .collect();
        assert_eq!(got, expected);
    }
    server.stop().await;
}

#[actix_web::test]
async fn the_last_word_goes_out_by_the_websocket_that_takes_over() {
    let server = Server::start(Options {
        linger: Duration::from_secs(10),
        ..calm()
    });
    let poller = Poller::connect(&server).await;
    let mut line = beside(&server, &poller).await;
    line.send("2probe").await;
    assert_eq!(line.text().await, "3probe");
    // The client polls no more, and does not know yet that this is the end.
    server.io.of("/").disconnect(true);
    line.send("5").await;
    assert_eq!(line.text().await, "41");
    line.until_closed().await;
    drop(line);
    server.stop().await;
}

#[actix_web::test]
async fn a_post_is_answered_although_its_client_fetches_nothing_before_it_takes_over() {
    let server = Server::start(Options {
        incoming_events: 2,
        outgoing: Bounds {
            bytes: 1_000_000,
            frames: 8,
        },
        ..calm()
    });
    let poller = Poller::connect(&server).await;
    let packets = (0..200).map(|number| format!(r#"42["message",{number}]"#));
    let payload = packets.collect::<Vec<_>>().join("\u{1e}");
    let mut line = beside(&server, &poller).await;
    let probing = async {
        line.send("2probe").await;
        assert_eq!(line.text().await, "3probe");
    };
    // The owner has no room for its answers, and so accepts nothing more.
    let (posted, ()) = futures::join!(poller.post(payload), probing);
    assert_eq!(posted.body, "ok");
    line.send("5").await;
    for number in 0..200 {
        assert_eq!(line.text().await, format!(r#"42["message-back",{number}]"#));
    }
    server.stop().await;
}
