//! Answers that the server waits for.

use std::time::Duration;

use serde_json::json;
use socketio::{AckError, Incoming, Namespaces, Options, SendError, Socket};

use crate::client::{Got, Line};
use crate::server::{Server, calm};

/// Asks the client whatever it is told to ask, and tells what came of it.
fn asking() -> Namespaces {
    Namespaces::new().on("/", async |socket: Socket, _| {
        while let Some(Incoming::Event(event)) = socket.next().await {
            let within = Duration::from_millis(event.args[0].as_u64().unwrap());
            let outcome = match socket.emit_with_ack("question", &("why?", 1), within).await {
                Ok(answer) => json!([answer.args, answer.attachments.len()]),
                Err(AckError::TimedOut) => json!("timed out"),
                Err(AckError::Send(SendError::Full)) => json!("full"),
                Err(AckError::Send(SendError::Gone) | AckError::Encode(_)) => json!("gone"),
            };
            socket.emit("outcome", &outcome).ok();
        }
    })
}

async fn connected(server: &Server) -> Line {
    let (mut line, _) = Line::open(server).await;
    line.send("40").await;
    assert!(line.text().await.starts_with("40{"));
    line
}

#[actix_web::test]
async fn a_client_answers() {
    let server = Server::serving(calm(), asking);
    let mut line = connected(&server).await;
    line.send(r#"42["ask",10000]"#).await;
    assert_eq!(line.text().await, r#"420["question","why?",1]"#);
    line.send("4399[\"nobody asked\"]").await;
    line.send(r#"430["because",2]"#).await;
    assert_eq!(line.text().await, r#"42["outcome",[["because",2],0]]"#);
    line.send(r#"42["ask",10000]"#).await;
    assert_eq!(line.text().await, r#"421["question","why?",1]"#);
    line.send(r#"461-1[{"_placeholder":true,"num":0}]"#).await;
    line.send_binary(&[1, 2, 3]).await;
    let outcome = r#"42["outcome",[[{"_placeholder":true,"num":0}],1]]"#;
    assert_eq!(line.text().await, outcome);
    server.stop().await;
}

#[actix_web::test]
async fn a_client_that_does_not_answer_is_not_waited_for() {
    let server = Server::serving(calm(), asking);
    let mut line = connected(&server).await;
    line.send(r#"42["ask",50]"#).await;
    assert_eq!(line.text().await, r#"420["question","why?",1]"#);
    assert_eq!(line.text().await, r#"42["outcome","timed out"]"#);
    // Too late, and no harm done.
    line.send(r#"430["because"]"#).await;
    line.send(r#"42["ask",10000]"#).await;
    assert_eq!(line.text().await, r#"421["question","why?",1]"#);
    line.send("431[]").await;
    assert_eq!(line.text().await, r#"42["outcome",[[],0]]"#);
    server.stop().await;
}

#[actix_web::test]
async fn not_more_answers_are_waited_for_than_may_be() {
    let options = Options {
        pending_acks: 0,
        ..calm()
    };
    let server = Server::serving(options, asking);
    let mut line = connected(&server).await;
    line.send(r#"42["ask",10000]"#).await;
    assert_eq!(
        line.message().await,
        Got::Text(r#"42["outcome","full"]"#.to_owned())
    );
    server.stop().await;
}

#[actix_web::test]
async fn whoever_goes_away_is_not_waited_for() {
    let server = Server::serving(calm(), asking);
    let mut line = connected(&server).await;
    line.send(r#"42["ask",600000]"#).await;
    assert_eq!(line.text().await, r#"420["question","why?",1]"#);
    drop(line);
    // Stopping waits for the owner, who waits no more.
    server.stop().await;
}
