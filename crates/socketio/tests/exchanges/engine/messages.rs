//! Messages over both transports.

use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::frame::Frame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::{Data, OpCode};

use crate::client::{Answer, Got, Line, Poller};
use crate::server::{Server, calm};

#[actix_web::test]
async fn a_poll_brings_what_was_posted() {
    let server = Server::start(calm());
    let poller = Poller::connect(&server).await;
    let posted = poller.post(r#"42["message","hello"]"#).await;
    assert_eq!((posted.status, posted.body.as_str()), (200, "ok"));
    let polled = poller.poll().await;
    assert_eq!(polled.status, 200);
    assert_eq!(polled.body, r#"42["message-back","hello"]"#);
    server.stop().await;
}

#[actix_web::test]
async fn several_packets_go_in_one_payload() {
    let server = Server::start(calm());
    let poller = Poller::connect(&server).await;
    let packets = [1, 2, 3].map(|number| format!(r#"42["message",{number}]"#));
    assert_eq!(poller.post(packets.join("\u{1e}")).await.body, "ok");
    let mut got = Vec::new();
    while got.len() < 3 {
        got.extend(poller.packets().await);
    }
    let expected = [1, 2, 3].map(|number| format!(r#"42["message-back",{number}]"#));
    assert_eq!(got, expected);
    server.stop().await;
}

#[actix_web::test]
async fn bytes_are_base64_in_a_payload() {
    let server = Server::start(calm());
    let poller = Poller::connect(&server).await;
    let placeholder = r#"{"_placeholder":true,"num":0}"#;
    let payload = format!("451-[\"message\",{placeholder}]\u{1e}bAQIDBA==");
    assert_eq!(poller.post(payload).await.body, "ok");
    let expected = format!("451-[\"message-back\",{placeholder}]\u{1e}bAQIDBA==");
    assert_eq!(poller.poll().await.body, expected);
    server.stop().await;
}

#[actix_web::test]
async fn what_is_no_packet_ends_a_polling_session() {
    let server = Server::start(calm());
    for payload in ["abc", "", "0{}", "2", "4abc", "bno-base64"] {
        let poller = Poller::connect(&server).await;
        let refused = Answer::refused(3, "Bad request");
        assert_eq!(poller.post(payload).await.json(), refused, "{payload}");
        assert!(poller.is_gone().await, "{payload}");
    }
    server.stop().await;
}

#[actix_web::test]
async fn two_polls_at_once_end_the_session() {
    let server = Server::start(calm());
    let poller = Poller::connect(&server).await;
    // Whichever comes first waits, until the other comes.
    let (one, two) = futures::join!(poller.poll(), poller.poll());
    let (first, second) = if one.status == 200 {
        (one, two)
    } else {
        (two, one)
    };
    assert_eq!((first.status, first.body.as_str()), (200, "1"));
    assert_eq!(second.json(), Answer::refused(3, "Bad request"));
    assert!(poller.is_gone().await);
    server.stop().await;
}

#[actix_web::test]
async fn a_websocket_carries_text_and_bytes() {
    let server = Server::start(calm());
    let mut line = Line::connect(&server).await;
    line.send(r#"42["message","hello"]"#).await;
    assert_eq!(line.text().await, r#"42["message-back","hello"]"#);
    let placeholder = r#"{"_placeholder":true,"num":0}"#;
    line.send(format!("451-[\"message\",{placeholder}]")).await;
    line.send_binary(&[1, 2, 3, 4]).await;
    assert_eq!(
        line.text().await,
        format!("451-[\"message-back\",{placeholder}]")
    );
    assert_eq!(line.next().await, Got::Binary(vec![1, 2, 3, 4]));
    server.stop().await;
}

#[actix_web::test]
async fn a_message_in_several_frames_is_one() {
    let server = Server::start(calm());
    let mut line = Line::connect(&server).await;
    let text = r#"42["message","in several frames"]"#;
    let last = text.len() - 1;
    for index in 0..text.len() {
        let kind = if index == 0 {
            Data::Text
        } else {
            Data::Continue
        };
        let piece = text.as_bytes()[index..=index].to_vec();
        let frame = Frame::message(piece, OpCode::Data(kind), index == last);
        line.throw(Message::Frame(frame)).await;
    }
    assert_eq!(
        line.text().await,
        r#"42["message-back","in several frames"]"#
    );
    server.stop().await;
}

#[actix_web::test]
async fn what_is_no_packet_ends_a_websocket() {
    let server = Server::start(calm());
    for packet in ["abc", "", "0{}", "2", "4abc"] {
        let mut line = Line::connect(&server).await;
        line.send(packet).await;
        line.until_closed().await;
    }
    server.stop().await;
}

#[actix_web::test]
async fn large_messages_pass_and_too_large_ones_do_not() {
    let server = Server::start(calm());
    let large = "x".repeat(900_000);
    let mut line = Line::connect(&server).await;
    line.send(format!(r#"42["message","{large}"]"#)).await;
    assert_eq!(
        line.text().await,
        format!(r#"42["message-back","{large}"]"#)
    );
    line.send("x".repeat(1_000_001)).await;
    line.until_closed().await;

    let poller = Poller::connect(&server).await;
    assert_eq!(
        poller
            .post(format!(r#"42["message","{large}"]"#))
            .await
            .body,
        "ok"
    );
    assert_eq!(
        poller.poll().await.body,
        format!(r#"42["message-back","{large}"]"#)
    );
    assert_eq!(poller.post("x".repeat(1_000_001)).await.status, 413);
    assert!(poller.is_gone().await);
    server.stop().await;
}
