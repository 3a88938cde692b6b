//! Malformed packets, text and frames.

use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::frame::Frame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::{Data, OpCode};

use crate::client::{Line, Poller};
use crate::server::{Server, calm};

#[actix_web::test]
async fn text_that_is_no_utf8_ends_the_session() {
    let server = Server::start(calm());
    let mut line = Line::connect(&server).await;
    let frame = Frame::message(vec![b'4', b'2', 0xff, 0xfe], OpCode::Data(Data::Text), true);
    line.throw(Message::Frame(frame)).await;
    line.until_closed().await;
    let poller = Poller::connect(&server).await;
    assert_eq!(poller.post(vec![b'4', b'2', 0xff, 0xfe]).await.status, 400);
    assert!(poller.is_gone().await);
    server.stop().await;
}

#[actix_web::test]
async fn frames_of_no_kind_end_the_session() {
    let server = Server::start(calm());
    for kind in [Data::Reserved(3), Data::Continue] {
        let mut line = Line::connect(&server).await;
        let frame = Frame::message(b"42[\"message\"]".to_vec(), OpCode::Data(kind), true);
        line.throw(Message::Frame(frame)).await;
        line.until_closed().await;
    }
    server.stop().await;
}

#[actix_web::test]
async fn deep_nesting_ends_the_session() {
    let server = Server::start(calm());
    for (open, close) in [("[", "]"), (r#"{"a":"#, "}")] {
        for prefix in [
            "42[\"message\",",
            "42/custom,[\"message\",",
            "40{\"a\":",
            "43[",
        ] {
            let depth = 100_000;
            let mut line = Line::connect(&server).await;
            line.send(format!(
                "{prefix}{}1{}]",
                open.repeat(depth),
                close.repeat(depth)
            ))
            .await;
            line.until_closed().await;
        }
    }
    server.stop().await;
}

#[actix_web::test]
async fn ids_without_measure_are_no_ids() {
    let server = Server::start(calm());
    let mut line = Line::connect(&server).await;
    line.send(format!(r#"42{}["message","hello"]"#, "9".repeat(50_000)))
        .await;
    assert_eq!(line.text().await, r#"42["message-back","hello"]"#);
    line.send(format!("42{}[\"echo\"]", u64::from(u32::MAX) + 1))
        .await;
    assert_eq!(line.text().await, "434294967296[]");
    line.send(format!("43{}[]", "9".repeat(50_000))).await;
    line.until_closed().await;
    server.stop().await;
}

/// A small generator of numbers, so that what fails fails again.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, most: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        usize::try_from(self.0 >> 33).unwrap() % most
    }
}

#[actix_web::test]
async fn ten_thousand_malformed_packets_harm_nobody() {
    const PIECES: [&str; 24] = [
        "0",
        "1",
        "2",
        "3",
        "4",
        "5",
        "6",
        "b",
        "40",
        "41",
        "42",
        "43",
        "451-",
        "46",
        "[",
        "]",
        "{",
        "}",
        "\"message\"",
        ",",
        "/custom,",
        "é",
        "\u{0}",
        "18446744073709551616",
    ];
    let server = Server::start(calm());
    let mut good = Line::connect(&server).await;
    let mut numbers = Numbers(1);
    let mut line = Line::connect(&server).await;
    let mut left = 10_000;
    while left > 0 {
        let length = 1 + numbers.below(8);
        let packet: String = (0..length)
            .map(|_| PIECES[numbers.below(PIECES.len())])
            .collect();
        left -= 1;
        line.throw(Message::text(packet)).await;
        // Most of these end their session.
        if left % 4 == 0 {
            line = Line::connect(&server).await;
        }
    }
    good.send(r#"42["message","still here"]"#).await;
    assert_eq!(good.text().await, r#"42["message-back","still here"]"#);
    drop((line, good));
    server.stop().await;
}
