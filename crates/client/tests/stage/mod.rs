//! A server whose every response is scripted by a test. It serves one request or socket at a time.

#![allow(
    dead_code,
    unreachable_pub,
    clippy::allow_attributes,
    clippy::result_large_err,
    reason = "each test uses some of it"
)]

use std::time::Duration;

use futures::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tertulia_client::{Account, Server, Uuid};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::{WebSocketStream, accept_hdr_async};

pub const EPOCH: &str = "one";
/// How long to wait for anything.
const PATIENCE: Duration = Duration::from_secs(30);

pub struct Stage {
    listener: TcpListener,
}

/// The one room; its id also serves wherever else one is needed.
pub fn room() -> Uuid {
    Uuid::from_u128(1)
}

pub fn message() -> Value {
    json!({
        "id": room(), "roomId": room(), "seq": 1, "rev": 8, "senderId": room(),
        "sender": { "id": room(), "username": "ana", "displayName": "Ana" },
        "content": "once", "replyCount": 0, "attachments": [], "mentions": [], "reactions": [],
        "createdAt": "2026-01-02T03:04:05.678Z", "pinned": false
    })
}

pub fn problem(status: u16, code: &str) -> Value {
    json!({
        "type": "about:blank", "title": code, "status": status, "detail": "no", "code": code,
        "requestId": "r1"
    })
}

fn tokens(access: &str) -> Value {
    json!({
        "user": {
            "id": room(), "username": "ana", "displayName": "Ana", "status": "online",
            "createdAt": "2026-01-02T03:04:05.678Z"
        },
        "token": access, "accessToken": access, "access_token": access,
        "tokenExpiresAt": "2026-01-02T03:04:05.678Z", "refreshToken": format!("after {access}"),
        "refreshExpiresAt": "2026-01-02T03:04:05.678Z", "sessionId": room()
    })
}

impl Stage {
    pub async fn new() -> Self {
        Self {
            listener: TcpListener::bind("127.0.0.1:0").await.unwrap(),
        }
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.listener.local_addr().unwrap())
    }

    /// A user who is signed in with the token "first".
    pub fn account(&self) -> Account {
        let tokens = serde_json::from_value(tokens("first")).unwrap();
        Server::at(&self.url()).unwrap().resume(tokens)
    }

    async fn visitor(&self) -> TcpStream {
        timeout(PATIENCE, self.listener.accept())
            .await
            .unwrap()
            .unwrap()
            .0
    }

    /// Accepts a socket that shows this token.
    pub async fn greets(&self, token: &str) -> Socket {
        let mut shown = None;
        let stream = self.visitor().await;
        let accepted = accept_hdr_async(stream, |request: &Request, mut answer: Answer| {
            shown = request.headers().get("authorization").cloned();
            answer
                .headers_mut()
                .insert("sec-websocket-protocol", "tertulia.v1".parse().unwrap());
            Ok(answer)
        });
        let mut socket = Socket(accepted.await.unwrap());
        assert_eq!(shown.unwrap(), format!("Bearer {token}").as_str());
        socket
            .says(json!({
                "type": "ready", "userId": room(), "sessionId": room(), "connectionId": room(),
                "epoch": EPOCH, "heartbeat": 25, "serverTime": "2026-01-02T03:04:05.678Z"
            }))
            .await;
        socket
    }

    /// Accepts a request, which must be this one, and responds. Returns its body.
    pub async fn answers(&self, request: &str, status: u16, body: Value) -> Value {
        let (mut stream, told) = self.hears(request).await;
        respond(&mut stream, status, "application/json", &body.to_string()).await;
        told
    }

    /// Accepts a request and closes the connection.
    pub async fn breaks(&self, request: &str) -> Value {
        self.hears(request).await.1
    }

    /// Accepts a request, and responds with events.
    pub async fn streams(&self, request: &str, events: &str) {
        let (mut stream, _) = self.hears(request).await;
        respond(&mut stream, 200, "text/event-stream", events).await;
    }

    /// Refuses a socket.
    pub async fn refuses_socket(&self, status: u16, body: Value) {
        self.answers("GET /api/ws", status, body).await;
    }

    /// Renews a token for that which followed another one.
    pub async fn renews(&self, stale: &str, fresh: &str) {
        let body = self
            .answers("POST /api/auth/refresh", 200, tokens(fresh))
            .await;
        assert_eq!(body["refreshToken"], format!("after {stale}"));
    }

    /// A request and its body: JSON, or else its text.
    async fn hears(&self, expected: &str) -> (TcpStream, Value) {
        let mut stream = self.visitor().await;
        let mut bytes = Vec::new();
        loop {
            stream.read_buf(&mut bytes).await.unwrap();
            let text = String::from_utf8_lossy(&bytes).into_owned();
            let Some((head, body)) = text.split_once("\r\n\r\n") else {
                continue;
            };
            if body.len() < length(head) {
                continue;
            }
            let line = head.lines().next().unwrap();
            assert_eq!(line, format!("{expected} HTTP/1.1"));
            return (
                stream,
                serde_json::from_str(body).unwrap_or_else(|_| json!(body)),
            );
        }
    }
}

fn length(head: &str) -> usize {
    let head = head.to_ascii_lowercase();
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "));
    length.map_or(0, |length| length.parse().unwrap())
}

async fn respond(stream: &mut TcpStream, status: u16, kind: &str, body: &str) {
    let length = body.len();
    let answer = format!(
        "HTTP/1.1 {status} As told\r\ncontent-type: {kind}\r\ncontent-length: {length}\r\n\
         connection: close\r\n\r\n{body}"
    );
    stream.write_all(answer.as_bytes()).await.unwrap();
    stream.shutdown().await.unwrap();
}

type Request = tokio_tungstenite::tungstenite::handshake::server::Request;
type Answer = tokio_tungstenite::tungstenite::handshake::server::Response;

/// The server's end of a socket.
pub struct Socket(WebSocketStream<TcpStream>);

impl Socket {
    pub async fn says(&mut self, frame: Value) {
        self.0.send(Message::text(frame.to_string())).await.unwrap();
    }

    /// Waits for a frame of this type, skipping others.
    pub async fn hears(&mut self, kind: &str) -> Value {
        loop {
            let told = timeout(PATIENCE, self.0.next())
                .await
                .unwrap()
                .unwrap()
                .unwrap();
            let Ok(text) = told.into_text() else { continue };
            let frame: Value = serde_json::from_str(&text).unwrap_or_default();
            if frame["type"] == kind {
                return frame;
            }
        }
    }

    pub async fn closes(mut self, number: u16) {
        let close = CloseFrame {
            code: number.into(),
            reason: "".into(),
        };
        self.0.close(Some(close)).await.unwrap();
    }

    /// Waits until the client closes it, and returns the close code.
    pub async fn ends(&mut self) -> Option<u16> {
        loop {
            match timeout(PATIENCE, self.0.next()).await.unwrap() {
                Some(Ok(Message::Close(close))) => {
                    self.0.flush().await.ok();
                    return close.map(|close| close.code.into());
                }
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return None,
            }
        }
    }
}
