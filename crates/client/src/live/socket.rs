//! A WebSocket connection: text frames, and how it ended.

use std::sync::Arc;
use std::time::Duration;

use futures::{SinkExt as _, StreamExt as _, TryStreamExt as _};
use protocol::Secret;
use protocol::realtime::SUBPROTOCOL;
use reqwest::Url;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::tungstenite::http::header::{AUTHORIZATION, SEC_WEBSOCKET_PROTOCOL};
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::{self, Message};
use tokio_tungstenite::{WebSocketStream, client_async_with_config};

use super::Ending;
use crate::{Error, Problem, tls};

/// How long connecting may take.
const HANDSHAKE: Duration = Duration::from_secs(15);
/// How long a write may stall.
const WRITE: Duration = Duration::from_secs(30);
/// How long to wait for the close handshake.
const GOODBYE: Duration = Duration::from_secs(2);
/// The maximum size of a frame from the server. What it says of 500 rooms is far less.
const FRAME_MAX: usize = 4 * 1024 * 1024;

/// A byte stream, encrypted or not.
trait Pipe: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Pipe for T {}

pub(super) struct Socket(WebSocketStream<Box<dyn Pipe>>);

/// What a socket delivers.
pub(super) enum Received {
    Frame(String),
    /// A control frame, which only shows that the server is alive.
    Life,
}

impl Socket {
    pub(super) async fn open(url: Url, token: &Secret) -> Result<Self, Ending> {
        let opening = Self::opened(url, token);
        timeout(HANDSHAKE, opening)
            .await
            .unwrap_or(Err(Ending::Silent))
    }

    async fn opened(mut url: Url, token: &Secret) -> Result<Self, Ending> {
        let encrypted = url.scheme() == "https";
        // One of the two schemes can always replace the other.
        url.set_scheme(if encrypted { "wss" } else { "ws" }).ok();
        let mut request = url.as_str().into_client_request().map_err(broken)?;
        let bearer = HeaderValue::from_str(&format!("Bearer {}", token.reveal()));
        let headers = request.headers_mut();
        headers.insert(AUTHORIZATION, bearer.map_err(Ending::broken)?);
        headers.insert(
            SEC_WEBSOCKET_PROTOCOL,
            HeaderValue::from_static(SUBPROTOCOL),
        );
        let config = WebSocketConfig::default()
            .max_message_size(Some(FRAME_MAX))
            .max_frame_size(Some(FRAME_MAX));
        let pipe = pipe(&url, encrypted).await?;
        let opening = client_async_with_config(request, pipe, Some(config));
        let (stream, _answer) = opening.await.map_err(refused)?;
        Ok(Self(stream))
    }

    /// Waits for the next frame.
    pub(super) async fn next(&mut self) -> Result<Received, Ending> {
        match self.0.next().await {
            Some(Ok(Message::Text(text))) => Ok(Received::Frame(text.as_str().to_owned())),
            Some(Ok(Message::Close(close))) => {
                // Sends the close response, to a server that may be gone already.
                drop(timeout(GOODBYE, self.0.flush()).await);
                Err(Ending::closed(close.map(|close| close.code.into())))
            }
            Some(Ok(_)) => Ok(Received::Life),
            Some(Err(error)) => Err(broken(error)),
            None => Err(Ending::ClosedWith(None)),
        }
    }

    /// Sends a frame and flushes it.
    pub(super) async fn send(&mut self, text: String) -> Result<(), Ending> {
        let sent = timeout(WRITE, self.0.send(Message::text(text))).await;
        sent.unwrap_or(Ok(())).map_err(broken)
    }

    /// Closes the connection, and waits briefly for the server's response.
    pub(super) async fn leave(mut self) {
        let frame = CloseFrame {
            code: CloseCode::Normal,
            reason: "".into(),
        };
        let leaving = async {
            self.0.close(Some(frame)).await?;
            while self.0.try_next().await?.is_some() {}
            Ok::<_, tungstenite::Error>(())
        };
        drop(timeout(GOODBYE, leaving).await);
    }
}

/// Connects to the host of this URL.
async fn pipe(url: &Url, encrypted: bool) -> Result<Box<dyn Pipe>, Ending> {
    // IPv6 addresses are in brackets there.
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
    let port = url.port_or_known_default().unwrap_or_default();
    let stream = TcpStream::connect((host, port)).await;
    let stream = stream.map_err(Ending::broken)?;
    stream.set_nodelay(true).map_err(Ending::broken)?;
    if !encrypted {
        return Ok(Box::new(stream));
    }
    let config = tls::config(true).map_err(Ending::of)?;
    let name = ServerName::try_from(host.to_owned()).map_err(Ending::broken)?;
    let connecting = TlsConnector::from(Arc::new(config)).connect(name, stream);
    Ok(Box::new(connecting.await.map_err(Ending::broken)?))
}

/// How the server refused the handshake, if it sent an HTTP response.
fn refused(error: tungstenite::Error) -> Ending {
    let tungstenite::Error::Http(answer) = error else {
        return broken(error);
    };
    let status = answer.status().as_u16();
    let body = answer.body().as_deref().unwrap_or_default();
    Ending::of(match Problem::read(status, body) {
        Some(problem) => Error::Refused(problem),
        None => Error::Stranger(status),
    })
}

fn broken(error: tungstenite::Error) -> Ending {
    Ending::broken(error)
}
