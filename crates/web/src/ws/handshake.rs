//! The handshake that opens a socket.

use std::rc::Rc;
use std::time::Duration;

use ::socketio::frames::bounded;
use ::socketio::page_may_connect;
use actix_web::body::BoxBody;
use actix_web::http::header::SEC_WEBSOCKET_PROTOCOL;
use actix_web::{HttpRequest, HttpResponse, rt, web};
use domain::{Failure, Refusal};
use protocol::ErrorCode;
use protocol::limits::FRAME_BYTES;
use protocol::realtime::{Offer, SUBPROTOCOL};

use super::pipe::{Outgoing, Pipe};
use super::socket::{Socket, admit};
use crate::error::ApiError;
use crate::gate::bearer;
use crate::live::Worker;
use crate::options::Cors;

/// The path on which sockets are opened.
const PATH: &str = "/api/ws";

/// `GET /api/ws`.
pub(crate) async fn open(
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, actix_web::Error> {
    let worker = request
        .app_data::<Rc<Worker>>()
        .ok_or_else(|| ApiError::from(Failure::lasting("sockets", "open", "no worker")))?;
    if worker.sockets.are_closing() {
        return Err(stopping().into());
    }
    actix_http::ws::verify_handshake(request.head()).map_err(|error| {
        let detail = format!("this address speaks websocket: {error}");
        ApiError::new(ErrorCode::Malformed, detail)
    })?;
    refuse_strangers(&request, &worker.origins)?;
    let token = token(&request)?;
    let sent = bounded(&request, payload, FRAME_BYTES)?;
    let (response, _, stream) = actix_ws::handle_with_protocols(&request, sent, &[SUBPROTOCOL])?;
    // Nothing fails after this: once admitted, a client is looked after by its socket.
    let pipe = Rc::new(Pipe::default());
    let known = match token {
        Some(token) => Some(admit(worker, &pipe, &token).await.map_err(ApiError::from)?),
        None => None,
    };
    let socket = Socket::new(Rc::clone(worker), Rc::clone(&pipe), known);
    rt::spawn(socket.serve(stream));
    Ok(response.map_body(|_, reading| BoxBody::new(Outgoing::new(pipe, reading))))
}

fn stopping() -> ApiError {
    ApiError::new(
        ErrorCode::Unavailable,
        "this node is stopping: connect to another one",
    )
    .again_after(Duration::from_secs(1))
}

/// Refuses pages of foreign origins.
fn refuse_strangers(request: &HttpRequest, allowed: &Cors) -> Result<(), ApiError> {
    let known = |origin: &str| match allowed {
        Cors::Any => true,
        Cors::Only(origins) => origins.iter().any(|known| known == origin),
    };
    if page_may_connect(request, known) {
        Ok(())
    } else {
        Err(ApiError::new(
            ErrorCode::Forbidden,
            "pages of this origin may not connect",
        ))
    }
}

/// The token in a handshake for this path, such as browsers send, if there is one.
pub(crate) fn offered(request: &HttpRequest) -> Option<String> {
    (request.path() == PATH)
        .then(|| token(request).ok().flatten())
        .flatten()
}

/// The token of the request, if any.
fn token(request: &HttpRequest) -> Result<Option<String>, ApiError> {
    let offers = request.headers().get_all(SEC_WEBSOCKET_PROTOCOL);
    let offers: Vec<&str> = offers.map(|offer| offer.to_str().unwrap_or("?")).collect();
    let offered = match Offer::read(offers) {
        Offer::Others => {
            return Err(ApiError::new(
                ErrorCode::Malformed,
                format!("the subprotocol here is {SUBPROTOCOL}"),
            ));
        }
        Offer::Ours { token } => token,
        Offer::Nothing => None,
    };
    if request
        .headers()
        .contains_key(actix_web::http::header::AUTHORIZATION)
    {
        let token = bearer(request).ok_or(Refusal::Unauthenticated)?;
        return Ok(Some(token.to_owned()));
    }
    Ok(offered.map(protocol::Secret::into_revealed))
}
