//! A WebSocket connection.

use std::time::Duration;

use futures::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout, timeout_at};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;

use super::Reply;
use super::shelf::Shelf;
use super::wait::PATIENCE;

/// A connection. It only reads while a test waits for something: a test that does not wait is a slow client.
/// Dropping it drops the connection without a close frame.
///
/// Frames that arrive while a test waits for others are kept.
pub struct Socket {
    stream: WebSocketStream<TcpStream>,
    protocol: Option<String>,
    ready: Option<Value>,
    kept: Shelf,
    asked: u64,
    pings: usize,
    ended: Option<End>,
}

/// The close code with which it ended, if any.
#[derive(Clone, Copy)]
struct End(Option<u16>);

/// What a socket received next.
#[derive(Debug)]
pub enum Heard {
    Frame(Value),
    /// The end, possibly with a close code.
    End(Option<u16>),
    /// Nothing within the time.
    Nothing,
}

impl Socket {
    pub(super) fn of(stream: WebSocketStream<TcpStream>, protocol: Option<String>) -> Self {
        Self {
            stream,
            protocol,
            ready: None,
            kept: Shelf::default(),
            asked: 0,
            pings: 0,
            ended: None,
        }
    }

    /// The same socket, once authenticated.
    pub(super) fn with(mut self, ready: Value) -> Self {
        self.ready = Some(ready);
        self
    }

    /// The subprotocol that the server selected.
    pub fn protocol(&self) -> Option<&str> {
        self.protocol.as_deref()
    }

    /// The number of pings received from the server.
    pub fn pings(&self) -> usize {
        self.pings
    }

    /// Waits until it is authenticated, and returns the `ready` frame.
    pub async fn is_ready(&mut self) -> Value {
        if self.ready.is_none() {
            self.ready = Some(self.next("ready").await);
        }
        self.ready.clone().unwrap()
    }

    /// Sends a frame without an id.
    pub async fn tells(&mut self, frame: Value) {
        self.sends(Message::text(frame.to_string())).await;
    }

    /// Sends this text, valid or not.
    pub async fn says(&mut self, text: &str) {
        self.sends(Message::text(text)).await;
    }

    /// Sends any message.
    pub async fn sends(&mut self, message: Message) {
        assert!(self.tries(message).await, "the socket takes nothing");
    }

    /// Sends a frame to a server that may be gone. Returns whether it was sent.
    pub async fn hopes_to_tell(&mut self, frame: &Value) -> bool {
        self.tries(Message::text(frame.to_string())).await
    }

    /// Sends any message to a server that may have closed already. Returns whether it was sent.
    pub async fn tries(&mut self, message: Message) -> bool {
        let sent = timeout(PATIENCE, self.stream.send(message)).await;
        sent.expect("the server reads").is_ok()
    }

    /// Sends a frame with an id and waits for the response.
    pub async fn ask(&mut self, frame: Value) -> Reply {
        let id = self.asks(frame.clone()).await;
        self.reply(id, frame).await
    }

    /// Sends a frame with an id, and returns the id.
    pub async fn asks(&mut self, mut frame: Value) -> u64 {
        self.asked += 1;
        frame["id"] = json!(self.asked);
        self.tells(frame).await;
        self.asked
    }

    /// Waits for the response to the frame with this id.
    pub async fn reply(&mut self, id: u64, asked: Value) -> Reply {
        let what = format!("an answer to {asked}");
        let frame = self.finds(&what, |frame| answers(frame, id)).await;
        Reply { asked, frame }
    }

    /// Waits for a frame of this type, and takes the first that has not been taken yet.
    pub async fn next(&mut self, kind: &str) -> Value {
        self.finds(kind, |frame| frame["type"] == kind).await
    }

    /// Waits for a frame that matches.
    pub async fn finds(&mut self, what: &str, so: impl Fn(&Value) -> bool) -> Value {
        if let Some(frame) = self.kept.take(&so) {
            return frame;
        }
        let deadline = Instant::now() + PATIENCE;
        loop {
            match self.hears_by(deadline).await {
                Heard::Frame(frame) if so(&frame) => return frame,
                Heard::Frame(frame) => self.kept.put(frame),
                Heard::End(code) => panic!(
                    "waiting for {what}, it ended with {code:?} after {}",
                    self.kept.told()
                ),
                Heard::Nothing => panic!("waited in vain for {what} among {}", self.kept.told()),
            }
        }
    }

    /// Waits for a frame that matches `before`, and asserts that no `unwanted` one arrived earlier: what did
    /// not arrive before something that was sent later will not arrive at all.
    pub async fn hears_no(
        &mut self,
        unwanted: impl Fn(&Value) -> bool,
        before: impl Fn(&Value) -> bool,
    ) -> Value {
        let deadline = Instant::now() + PATIENCE;
        let mut waiting = self.kept.clear().into_iter();
        let mut found = None;
        while found.is_none() {
            let frame = match waiting.next() {
                Some(frame) => frame,
                None => match self.hears_by(deadline).await {
                    Heard::Frame(frame) => frame,
                    end @ (Heard::End(_) | Heard::Nothing) => {
                        panic!("{end:?} before the mark, after {}", self.kept.told())
                    }
                },
            };
            assert!(!unwanted(&frame), "it was told {frame}");
            if before(&frame) {
                found = Some(frame);
            } else {
                self.kept.put(frame);
            }
        }
        waiting.for_each(|frame| self.kept.put(frame));
        found.unwrap()
    }

    /// All that the server it is connected to has sent so far.
    pub async fn so_far(&mut self) -> Vec<Value> {
        self.ask(json!({ "type": "ping" })).await.of("pong");
        self.kept.clear()
    }

    /// What arrives next within the time, apart from what was kept.
    pub async fn hears(&mut self, limit: Duration) -> Heard {
        self.hears_by(Instant::now() + limit).await
    }

    async fn hears_by(&mut self, deadline: Instant) -> Heard {
        if let Some(End(code)) = self.ended {
            return Heard::End(code);
        }
        loop {
            let Ok(next) = timeout_at(deadline, self.stream.next()).await else {
                return Heard::Nothing;
            };
            match next {
                Some(Ok(Message::Text(text))) => return Heard::Frame(read(&text)),
                Some(Ok(Message::Ping(_))) => self.pings += 1,
                Some(Ok(Message::Close(close))) => {
                    // Sends the response to the close frame.
                    drop(self.stream.flush().await);
                    return self.over(close.map(|close| close.code.into()));
                }
                Some(Ok(Message::Pong(_))) => {}
                Some(Ok(other)) => panic!("the server sent {other:?}"),
                Some(Err(_)) | None => return self.over(None),
            }
        }
    }

    fn over(&mut self, code: Option<u16>) -> Heard {
        self.ended = Some(End(code));
        Heard::End(code)
    }

    /// Waits until the server closes it with this code.
    pub async fn ends_with(&mut self, code: u16) {
        assert_eq!(self.ends().await, Some(code), "{}", self.kept.told());
    }

    /// Waits until it ends, and returns the close code, if any. Frames before that are kept.
    pub async fn ends(&mut self) -> Option<u16> {
        self.ends_within(PATIENCE).await
    }

    /// The same, with this timeout.
    pub async fn ends_within(&mut self, limit: Duration) -> Option<u16> {
        let deadline = Instant::now() + limit;
        loop {
            match self.hears_by(deadline).await {
                Heard::Frame(frame) => self.kept.put(frame),
                Heard::End(code) => return code,
                Heard::Nothing => panic!("it did not end, after {}", self.kept.told()),
            }
        }
    }

    /// Takes the frames that were kept.
    pub fn kept(&mut self) -> Vec<Value> {
        self.kept.clear()
    }

    /// The same without presence, which arrives at no particular time.
    pub fn replayed(&mut self) -> Vec<Value> {
        let mut kept = self.kept();
        kept.retain(|frame| frame["type"] != "presence");
        kept
    }

    /// Sends a close frame and waits for the response.
    pub async fn leaves(mut self) {
        self.stream.close(None).await.ok();
        self.ends().await;
    }

    /// Subscribes to a room from now on.
    pub async fn subscribes(&mut self, room: &str) -> Value {
        self.resumes(room, None).await
    }

    /// Subscribes to a room from this rev on.
    pub async fn resumes(&mut self, room: &str, since: Option<i64>) -> Value {
        let frame = json!({ "type": "subscribe", "rooms": { room: since } });
        let ack = self.ask(frame).await.done();
        let told = ack["rooms"][room].clone();
        assert!(told["rev"].is_i64(), "{ack}");
        told
    }

    /// Posts a text, which must be accepted.
    pub async fn posts(&mut self, room: &str, content: &str) -> Value {
        let frame = json!({ "type": "send", "roomId": room, "content": content });
        self.ask(frame).await.message()
    }
}

fn answers(frame: &Value, id: u64) -> bool {
    let kind = frame["type"].as_str();
    matches!(kind, Some("ack" | "error" | "pong")) && frame["id"] == id
}

/// Every frame is an object with a type.
fn read(text: &str) -> Value {
    let frame: Value = serde_json::from_str(text).unwrap_or_else(|error| panic!("{text}: {error}"));
    assert!(frame["type"].is_string(), "{frame}");
    frame
}
