//! Opening a socket, or trying to.

use std::net::SocketAddr;

use reqwest::Method;
use tokio::net::TcpSocket;
use tokio_tungstenite::client_async;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::http::{HeaderName, HeaderValue, Request};

use super::Socket;
use crate::{Answer, Client, Person};

const PATH: &str = "/api/ws";
/// What the system holds for a client that does not read: as little as it agrees to.
const NARROW: u32 = 4096;

impl Client {
    /// Shakes hands with these headers and no others that a test could want. It must succeed.
    pub async fn opens(&self, headers: &[(&str, &str)]) -> Socket {
        self.opened(headers, None).await
    }

    async fn opened(&self, headers: &[(&str, &str)], buffer: Option<u32>) -> Socket {
        let address = self.url().trim_start_matches("http://");
        let tcp = TcpSocket::new_v4().unwrap();
        if let Some(bytes) = buffer {
            tcp.set_recv_buffer_size(bytes).unwrap();
        }
        let stream = tcp
            .connect(address.parse::<SocketAddr>().unwrap())
            .await
            .unwrap();
        stream.set_nodelay(true).unwrap();
        let mut request = format!("ws://{address}{PATH}")
            .into_client_request()
            .unwrap();
        add(&mut request, headers);
        let (stream, answer) = client_async(request, stream)
            .await
            .unwrap_or_else(|error| panic!("no socket with {headers:?}: {error}"));
        let protocol = answer.headers().get("sec-websocket-protocol");
        let protocol = protocol.map(|name| name.to_str().unwrap().to_owned());
        Socket::of(stream, protocol)
    }

    /// Asks for a socket with these headers, and reads the answer as that of any request: it must be
    /// a refusal.
    pub async fn knocks(&self, headers: &[(&str, &str)]) -> Answer {
        // Without the token that this client may have.
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
    /// Connects, and is welcome.
    pub async fn connects(&self) -> Socket {
        self.connected(None).await
    }

    /// Connects through a pipe in which hardly anything has room, so that a client that does not read
    /// is noticed soon.
    pub async fn connects_narrowly(&self) -> Socket {
        self.connected(Some(NARROW)).await
    }

    async fn connected(&self, buffer: Option<u32>) -> Socket {
        let authorization = self.authorization();
        let headers = [("authorization", authorization.as_str())];
        let mut socket = self.opened(&headers, buffer).await;
        let ready = socket.is_ready().await;
        assert_eq!(ready["userId"], self.id.as_str(), "{ready}");
        socket
    }

    /// What a client shows in the header of that name.
    pub fn authorization(&self) -> String {
        format!("Bearer {}", self.token)
    }

    /// What a browser offers to speak, its token among it.
    pub fn offer(&self) -> String {
        format!("tertulia.v1, bearer.{}", self.token)
    }
}
