//! Polls: requests that wait until there is something to say.

use std::future::poll_fn;
use std::rc::Rc;
use std::sync::Arc;

use actix_web::http::header::{CacheControl, CacheDirective, ContentType};
use actix_web::{HttpRequest, HttpResponse};

use super::refusal::Refusal;
use super::{request, route};
use crate::engine::{Claim, Home, Polled, Session, Transport, Worker};
use crate::reason::Reason;
use crate::wire::of_frames;

/// The packet that ends a session.
const CLOSE: &[u8] = b"1";
/// The packet that says nothing.
const NOOP: &[u8] = b"6";

/// Opens a session, and responds with its handshake.
pub(super) async fn open(
    request: &HttpRequest,
    worker: &Rc<Worker>,
) -> Result<HttpResponse, Refusal> {
    let opening = request::opening(request, Transport::Polling);
    let home = Home::open(worker, opening).ok_or(Refusal::Overloaded)?;
    let mut response = next(&home.session).await?;
    route::mark(&mut response, &home.session);
    Ok(response)
}

/// Waits until there is something to say.
pub(super) async fn next(session: &Arc<Session>) -> Result<HttpResponse, Refusal> {
    match session.begin_poll() {
        Claim::Granted => (),
        Claim::Taken | Claim::Elsewhere => return Err(Refusal::BadRequest),
        Claim::Gone => return Err(Refusal::UnknownSession),
    }
    let mut waiting = Waiting {
        session,
        answered: false,
    };
    let polled = poll_fn(|cx| session.poll_payload(cx)).await;
    waiting.answered = true;
    let payload = match polled {
        Polled::Frames(pieces) => of_frames(&pieces),
        Polled::Last => CLOSE.to_vec(),
        Polled::Nothing => NOOP.to_vec(),
    };
    Ok(HttpResponse::Ok()
        .content_type(ContentType::plaintext())
        .insert_header(CacheControl(vec![CacheDirective::NoStore]))
        .body(payload))
}

/// A waiting poll. If its client goes away, its response is lost, and so is the session.
struct Waiting<'a> {
    session: &'a Session,
    answered: bool,
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.session.end_poll();
        if !self.answered {
            self.session.close(Reason::TransportError);
        }
    }
}
