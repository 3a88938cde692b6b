//! Events, valid and invalid.

use crate::client::{Got, Line};
use crate::server::{Server, options};

const TWO: &str = r#"{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}"#;

#[actix_web::test]
async fn an_event_comes_back() {
    let server = Server::start(options());
    let mut line = Line::connect(&server).await;
    line.send(r#"42["message",1,"2",{"3":[true]}]"#).await;
    assert_eq!(
        line.packet().await,
        r#"42["message-back",1,"2",{"3":[true]}]"#
    );
    server.stop().await;
}

#[actix_web::test]
async fn an_event_comes_back_with_its_attachments() {
    let server = Server::start(options());
    let mut line = Line::connect(&server).await;
    line.send(format!(r#"452-["message",{TWO}]"#)).await;
    line.send_binary(&[1, 2, 3]).await;
    line.send_binary(&[4, 5, 6]).await;
    assert_eq!(
        line.packet().await,
        format!(r#"452-["message-back",{TWO}]"#)
    );
    assert_eq!(line.message().await, Got::Binary(vec![1, 2, 3]));
    assert_eq!(line.message().await, Got::Binary(vec![4, 5, 6]));
    server.stop().await;
}

#[actix_web::test]
async fn an_event_is_answered() {
    let server = Server::start(options());
    let mut line = Line::connect(&server).await;
    line.send(r#"42456["message-with-ack",1,"2",{"3":[false]}]"#)
        .await;
    assert_eq!(line.packet().await, r#"43456[1,"2",{"3":[false]}]"#);
    server.stop().await;
}

#[actix_web::test]
async fn an_event_is_answered_with_attachments() {
    let server = Server::start(options());
    let mut line = Line::connect(&server).await;
    line.send(format!(r#"452-789["message-with-ack",{TWO}]"#))
        .await;
    line.send_binary(&[1, 2, 3]).await;
    line.send_binary(&[4, 5, 6]).await;
    assert_eq!(line.packet().await, format!("462-789[{TWO}]"));
    assert_eq!(line.message().await, Got::Binary(vec![1, 2, 3]));
    assert_eq!(line.message().await, Got::Binary(vec![4, 5, 6]));
    server.stop().await;
}

#[actix_web::test]
async fn what_is_no_event_ends_the_session() {
    let server = Server::start(options());
    for packet in [
        "4abc",
        "42{}",
        r#"42abc["message-with-ack",1,"2",{"3":[false]}]"#,
        "42",
        "42[]",
        "42[null]",
        r#"42["disconnect"]"#,
        r#"42["message""#,
        "43[]",
        "44{\"message\":\"no\"}",
        "4",
    ] {
        let mut line = Line::connect(&server).await;
        line.send(packet).await;
        line.until_closed().await;
    }
    server.stop().await;
}
