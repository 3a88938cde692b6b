//! Serves new connections, and takes them from HTTP when they become sockets.

use std::net::SocketAddr;
use std::pin::Pin;
use std::rc::{Rc, Weak};
use std::task::{Poll, ready};

use actix_http::error::DispatchError;
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{Service, ServiceRequest, ServiceResponse};
use actix_web::http::header::{TRANSFER_ENCODING, UPGRADE};
use actix_web::middleware::Next;
use actix_web::rt::net::TcpStream;
use actix_web::{Error, HttpMessage as _, HttpRequest};
use futures::future::poll_fn;

use super::entrance::{Admission, Entrance};
use super::inward::Inward;
use super::line::{HttpLine, Line};
use super::outward::{Departure, carry};
use crate::patience;

/// Serves a connection: HTTP first, and then what it became.
pub(crate) fn beyond_http<S>(
    stream: TcpStream,
    http: &S,
    entrance: &Entrance,
) -> impl Future<Output = Result<(), DispatchError>> + use<S>
where
    S: Service<(HttpLine, Option<SocketAddr>), Response = (), Error = DispatchError>,
{
    prepare(&stream);
    let peer = stream.peer_addr().ok();
    let line = Line::new(stream);
    let admission = entrance.admission();
    // Boxed, so that a socket does not keep the memory that only HTTP needs.
    let http = Box::pin(http.call((line.for_http(), peer)));
    async move {
        let served = until_done(http, &line, admission).await;
        if let Some(body) = line.after_http() {
            carry(&line, body).await;
        }
        served
    }
}

/// Lets HTTP serve the connection until it ends or HTTP leaves it. After that, HTTP would only wait for the
/// client to close.
async fn until_done<E>(
    mut http: Pin<Box<impl Future<Output = Result<(), E>>>>,
    line: &Line,
    mut admission: Admission,
) -> Result<(), E> {
    poll_fn(|cx| {
        ready!(admission.poll(line, cx));
        let served = http.as_mut().poll(cx);
        admission.went_on(line, cx);
        if line.http_is_done() {
            return Poll::Ready(Ok(()));
        }
        served
    })
    .await
}

fn prepare(stream: &TcpStream) {
    // Otherwise a message could wait for the next one to fill a packet.
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "could not set TCP_NODELAY; a connection may send with delay");
    }
    patience::limit(stream);
}

/// Takes a connection from HTTP when its request is answered by switching protocols.
pub(crate) async fn leave_http(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let line = request.conn_data().and_then(Weak::<Line>::upgrade);
    let Some(line) = line.filter(|_| asks_for_websocket(&request)) else {
        return Ok(next.call(request).await?.map_into_boxed_body());
    };
    let sent = Inward::new(request.take_payload(), &line);
    request.set_payload(sent.into_payload());
    line.set_handshake(true);
    let response = next.call(request).await;
    line.set_handshake(false);
    let response = response?;
    Ok(if response.response().upgrade() {
        response.map_body(|_, body| BoxBody::new(Departure::new(line, body.boxed())))
    } else {
        response.map_into_boxed_body()
    })
}

/// While this lives, a client that shuts down its side ends its request.
pub(crate) struct Attention(Option<Rc<Line>>);

/// From now on, the request is dropped as soon as its client has gone. HTTP would answer it all the same,
/// because a client may shut down its side and read on.
pub(crate) fn attend(request: &HttpRequest) -> Attention {
    let line = request.conn_data().and_then(Weak::<Line>::upgrade);
    if let Some(line) = &line {
        line.set_poll(true);
    }
    Attention(line)
}

impl Drop for Attention {
    fn drop(&mut self) {
        if let Some(line) = &self.0 {
            line.set_poll(false);
        }
    }
}

/// Whether HTTP treats everything after the request's head as data of the other protocol.
fn asks_for_websocket(request: &ServiceRequest) -> bool {
    let headers = request.headers();
    let asked = headers.get(UPGRADE).and_then(|name| name.to_str().ok());
    asked.is_some_and(|name| name.trim().eq_ignore_ascii_case("websocket"))
        && !headers.contains_key(TRANSFER_ENCODING)
}
