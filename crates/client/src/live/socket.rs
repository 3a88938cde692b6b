//! A connection: frames of text, and how it ended.

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

/// How long the way in may take.
const HANDSHAKE: Duration = Duration::from_secs(15);
/// How long the server may take nothing.
const WRITE: Duration = Duration::from_secs(30);
/// How long to wait for a goodbye.
const GOODBYE: Duration = Duration::from_secs(2);
/// The most bytes of a frame from the server. What it says of 500 rooms is far less.
const FRAME_MAX: usize = 4 * 1024 * 1024;

/// Bytes to and fro, encrypted or not.
trait Pipe: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Pipe for T {}

pub(super) struct Socket(WebSocketStream<Box<dyn Pipe>>);

/// What a socket tells next.
pub(super) enum Told {
    Frame(String),
    /// Something that only shows that somebody is there.
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
        // The one scheme follows from the other, so that this cannot fail.
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

    /// Waits for what comes next.
    pub(super) async fn next(&mut self) -> Result<Told, Ending> {
        match self.0.next().await {
            Some(Ok(Message::Text(text))) => Ok(Told::Frame(text.as_str().to_owned())),
            Some(Ok(Message::Close(close))) => {
                // Has the answer sent, to a server that may be gone.
                drop(timeout(GOODBYE, self.0.flush()).await);
                Err(Ending::closed(close.map(|close| close.code.into())))
            }
            Some(Ok(_)) => Ok(Told::Life),
            Some(Err(error)) => Err(broken(error)),
            None => Err(Ending::ClosedWith(None)),
        }
    }

    /// Sends frames, and has them go out.
    pub(super) async fn send(&mut self, text: String) -> Result<(), Ending> {
        let sent = timeout(WRITE, self.0.send(Message::text(text))).await;
        sent.unwrap_or(Ok(())).map_err(broken)
    }

    /// Says goodbye, and waits for the answer for a moment.
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

/// A way to the server of this address.
async fn pipe(url: &Url, encrypted: bool) -> Result<Box<dyn Pipe>, Ending> {
    // An address of version 6 is in brackets there.
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

/// The answer to a handshake, if it is one of HTTP.
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
