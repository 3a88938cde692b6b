//! The entry point of all requests.

use std::rc::Rc;

use actix_web::cookie::Cookie;
use actix_web::http::Method;
use actix_web::{HttpRequest, HttpResponse, web};

use super::refusal::Refusal;
use super::request::{self, Purpose};
use super::{poll, post, websocket};
use crate::engine::{Session, Transport, Worker};

/// Serves any request.
pub(crate) async fn serve(
    request: HttpRequest,
    payload: web::Payload,
    worker: Rc<Worker>,
) -> HttpResponse {
    let cors = &worker.shared.options.cors;
    let mut response = if request.method() == Method::OPTIONS {
        cors.preflight(&request)
    } else if cors.admits(&request) {
        let answer = direct(&request, payload, &worker).await;
        answer.unwrap_or_else(|refusal| {
            tracing::debug!(?refusal, "a request was refused");
            refusal.answer()
        })
    } else {
        Refusal::Forbidden.answer()
    };
    cors.mark(&request, response.headers_mut());
    response
}

/// Routes a request.
async fn direct(
    request: &HttpRequest,
    payload: web::Payload,
    worker: &Rc<Worker>,
) -> Result<HttpResponse, Refusal> {
    match request::read(request)? {
        Purpose::Open(_) if worker.shared.stopping.is_cancelled() => Err(Refusal::Overloaded),
        Purpose::Open(Transport::Polling) => poll::open(request, worker).await,
        Purpose::Open(Transport::WebSocket) => websocket::open(request, payload, worker),
        Purpose::Session(transport, sid) => {
            let session = worker.shared.registry.get(sid);
            let session = session.ok_or(Refusal::UnknownSession)?;
            match (transport, request.method()) {
                (Transport::WebSocket, &Method::GET) if request::asks_to_upgrade(request) => {
                    websocket::upgrade(request, payload, worker, &session)
                }
                (Transport::Polling, &Method::GET) => poll::next(&session).await,
                (Transport::Polling, &Method::POST) => post::take(request, payload, &session).await,
                _ => Err(Refusal::BadRequest),
            }
        }
    }
}

/// Sets the cookie for proxies in the response that opens a session.
pub(super) fn mark(response: &mut HttpResponse, session: &Session) {
    let Some(settings) = &session.shared.options.cookie else {
        return;
    };
    let cookie = Cookie::build(settings.name.as_str(), session.sid.as_str())
        .path(settings.path.as_str())
        .secure(settings.secure)
        .http_only(settings.http_only)
        .same_site(settings.same_site)
        .finish();
    if let Err(error) = response.add_cookie(&cookie) {
        tracing::warn!(%error, "could not set the session cookie");
    }
}
