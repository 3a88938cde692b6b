//! Opens sockets, or tries to.

use std::net::SocketAddr;

use reqwest::Method;
use tokio::net::TcpSocket;
use tokio_tungstenite::client_async;
use tokio_tungstenite::tungstenite::Error;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::http::{HeaderName, HeaderValue, Request};

use super::wait::PATIENCE;
use super::{Heard, Socket};
use crate::{Answer, Client, Person};

const PATH: &str = "/api/ws";
/// The size of a socket buffer that the system is asked for: it uses the smallest that it supports.
const NARROW: u32 = 4096;

impl Client {
    /// Opens a socket with exactly these optional headers. The handshake must succeed.
    pub async fn opens(&self, headers: &[(&str, &str)]) -> Socket {
        match self.opened(headers, None).await {
            Ok(socket) => socket,
            Err(error) => panic!("no socket with {headers:?}: {error}"),
        }
    }

    async fn opened(&self, headers: &[(&str, &str)], buffer: Option<u32>) -> Result<Socket, Error> {
        let address = self.url().trim_start_matches("http://");
        let tcp = TcpSocket::new_v4().unwrap();
        if let Some(bytes) = buffer {
            tcp.set_recv_buffer_size(bytes).unwrap();
        }
        let stream = tcp.connect(address.parse::<SocketAddr>().unwrap()).await?;
        stream.set_nodelay(true)?;
        let mut request = format!("ws://{address}{PATH}")
            .into_client_request()
            .unwrap();
        add(&mut request, headers);
        let (stream, answer) = client_async(request, stream).await?;
        let protocol = answer.headers().get("sec-websocket-protocol");
        let protocol = protocol.map(|name| name.to_str().unwrap().to_owned());
        Ok(Socket::of(stream, protocol))
    }

    /// Requests a socket with these headers, and returns the HTTP response, which must be a refusal.
    pub async fn knocks(&self, headers: &[(&str, &str)]) -> Answer {
        // Without this client's token.
        let stranger = Self::of(self.url());
        let mut request = stranger
            .request(Method::GET, PATH)
            .header("connection", "upgrade")
            .header("upgrade", "websocket")
            .header("sec-websocket-version", "13")
            .header("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ==");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        stranger.send(request).await
    }
}

fn add(request: &mut Request<()>, headers: &[(&str, &str)]) {
    for (name, value) in headers {
        let name: HeaderName = name.parse().unwrap();
        let value = HeaderValue::from_str(value).unwrap();
        request.headers_mut().append(name, value);
    }
}

impl Person {
    /// Connects, which must succeed.
    pub async fn connects(&self) -> Socket {
        self.connected(None).await.unwrap()
    }

    /// Connects with tiny socket buffers, so that the server soon notices that a client does not read.
    pub async fn connects_narrowly(&self) -> Socket {
        self.connected(Some(NARROW)).await.unwrap()
    }

    /// Connects to a server that may be stopped or stopping.
    pub async fn hopes_to_connect(&self) -> Option<Socket> {
        self.connected(None).await.ok()
    }

    async fn connected(&self, buffer: Option<u32>) -> Result<Socket, Error> {
        let authorization = self.authorization();
        let headers = [("authorization", authorization.as_str())];
        let mut socket = self.opened(&headers, buffer).await?;
        match socket.hears(PATIENCE).await {
            Heard::Frame(ready) => {
                assert_eq!(ready["type"], "ready", "{ready}");
                assert_eq!(ready["userId"], self.id.as_str(), "{ready}");
                Ok(socket.with(ready))
            }
            Heard::End(_) | Heard::Nothing => Err(Error::ConnectionClosed),
        }
    }

    /// The value of the `Authorization` header.
    pub fn authorization(&self) -> String {
        format!("Bearer {}", self.token)
    }

    /// The subprotocols that a browser offers, one of which carries its token.
    pub fn offer(&self) -> String {
        format!("tertulia.v1, bearer.{}", self.token)
    }
}
