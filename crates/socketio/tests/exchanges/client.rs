//! Clients without a library: one that polls, and one with a WebSocket.

use std::time::Duration;

use futures::{SinkExt as _, StreamExt as _};
use reqwest::{Client, RequestBuilder};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use crate::server::Server;

/// Longer than anything takes that happens at all.
const PATIENCE: Duration = Duration::from_mins(1);

/// Fails a test that waits for what does not come.
pub(crate) async fn within<T>(future: impl Future<Output = T>) -> T {
    timeout(PATIENCE, future)
        .await
        .expect("this takes too long")
}

/// What a request was answered with.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn refused(code: u64, message: &str) -> (u16, Value) {
        (400, json!({ "code": code, "message": message }))
    }

    pub(crate) fn json(&self) -> (u16, Value) {
        (self.status, serde_json::from_str(&self.body).unwrap())
    }
}

/// Sends a request.
pub(crate) async fn ask(request: RequestBuilder) -> Answer {
    let response = within(request.send()).await.unwrap();
    Answer {
        status: response.status().as_u16(),
        body: within(response.text()).await.unwrap(),
    }
}

pub(crate) fn http_url(server: &Server, query: &str) -> String {
    format!("http://{}/socket.io/?{query}", server.address)
}

/// A client that polls. Its requests go over as many connections as there are requests at once.
pub(crate) struct Poller {
    http: Client,
    url: String,
    pub(crate) sid: String,
    pub(crate) opened: Value,
}

impl Poller {
    pub(crate) async fn open(server: &Server) -> Self {
        let http = Client::new();
        let url = http_url(server, "EIO=4&transport=polling");
        let answer = ask(http.get(&url)).await;
        assert_eq!(answer.status, 200);
        let opened: Value = serde_json::from_str(answer.body.strip_prefix('0').unwrap()).unwrap();
        let sid = opened["sid"].as_str().unwrap().to_owned();
        Self {
            url: format!("{url}&sid={sid}"),
            http,
            sid,
            opened,
        }
    }

    /// Opens a session, and connects to the main namespace.
    pub(crate) async fn connect(server: &Server) -> Self {
        let poller = Self::open(server).await;
        assert_eq!(poller.post("40").await.body, "ok");
        let mut greeting = poller.poll().await.body;
        if !greeting.contains(r#"42["auth""#) {
            greeting.push_str(&poller.poll().await.body);
        }
        assert!(greeting.starts_with("40{\"sid\":"), "{greeting}");
        poller
    }

    pub(crate) async fn poll(&self) -> Answer {
        ask(self.http.get(&self.url)).await
    }

    pub(crate) async fn post(&self, body: impl Into<reqwest::Body>) -> Answer {
        ask(self.http.post(&self.url).body(body)).await
    }

    /// Polls until a packet comes that is no ping, and answers those.
    pub(crate) async fn packets(&self) -> Vec<String> {
        loop {
            let answer = self.poll().await;
            assert_eq!(answer.status, 200, "{answer:?}");
            let mut packets: Vec<String> = answer.body.split('\u{1e}').map(str::to_owned).collect();
            if packets.iter().any(|packet| packet == "2") {
                self.post("3").await;
            }
            packets.retain(|packet| packet != "2");
            if !packets.is_empty() {
                return packets;
            }
        }
    }

    /// Waits until the session is gone, as any request notices.
    pub(crate) async fn is_gone(&self) -> bool {
        self.poll().await.json() == Answer::refused(1, "Session ID unknown")
    }
}

/// A client with a WebSocket.
pub(crate) struct Line {
    stream: WebSocketStream<MaybeTlsStream<TcpStream>>,
}

/// What a WebSocket brings.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Got {
    Text(String),
    Binary(Vec<u8>),
    Closed,
}

impl Line {
    /// Opens a WebSocket, or says with which status that was refused.
    pub(crate) async fn dial(server: &Server, query: &str) -> Result<Self, u16> {
        let url = format!("ws://{}/socket.io/?{query}", server.address);
        match within(connect_async(url)).await {
            Ok((stream, _)) => Ok(Self { stream }),
            Err(Error::Http(response)) => Err(response.status().as_u16()),
            Err(error) => panic!("{error}"),
        }
    }

    /// Opens a session, and reads how it was opened.
    pub(crate) async fn open(server: &Server) -> (Self, Value) {
        let mut line = Self::dial(server, "EIO=4&transport=websocket")
            .await
            .unwrap();
        let opened = line.text().await;
        let opened = serde_json::from_str(opened.strip_prefix('0').unwrap()).unwrap();
        (line, opened)
    }

    /// Opens a session, and connects to the main namespace.
    pub(crate) async fn connect(server: &Server) -> Self {
        let (mut line, _) = Self::open(server).await;
        line.send("40").await;
        assert!(line.packet().await.starts_with("40{\"sid\":"));
        assert_eq!(line.packet().await, r#"42["auth",{}]"#);
        line
    }

    pub(crate) async fn send(&mut self, text: impl Into<String>) {
        let message = Message::text(text.into());
        within(self.stream.send(message)).await.unwrap();
    }

    pub(crate) async fn send_binary(&mut self, bytes: &[u8]) {
        let message = Message::binary(bytes.to_vec());
        within(self.stream.send(message)).await.unwrap();
    }

    /// Sends whatever the other end makes of it, as far as it goes.
    pub(crate) async fn throw(&mut self, message: Message) {
        within(self.stream.send(message)).await.ok();
    }

    pub(crate) async fn next(&mut self) -> Got {
        loop {
            match within(self.stream.next()).await {
                Some(Ok(Message::Text(text))) => return Got::Text(text.as_str().to_owned()),
                Some(Ok(Message::Binary(bytes))) => return Got::Binary(bytes.to_vec()),
                Some(Ok(Message::Ping(_) | Message::Pong(_) | Message::Frame(_))) => (),
                Some(Ok(Message::Close(_)) | Err(_)) | None => return Got::Closed,
            }
        }
    }

    pub(crate) async fn text(&mut self) -> String {
        match self.next().await {
            Got::Text(text) => text,
            other => panic!("this is no text: {other:?}"),
        }
    }

    /// The next that is no ping of Engine.IO, which it answers.
    pub(crate) async fn message(&mut self) -> Got {
        loop {
            match self.next().await {
                Got::Text(text) if text == "2" => self.throw(Message::text("3")).await,
                other => return other,
            }
        }
    }

    /// The same, where text is expected.
    pub(crate) async fn packet(&mut self) -> String {
        match self.message().await {
            Got::Text(text) => text,
            other => panic!("this is no text: {other:?}"),
        }
    }

    /// Waits for the end, whatever comes before, and answers no ping.
    pub(crate) async fn until_closed(&mut self) {
        while self.next().await != Got::Closed {}
    }
}
