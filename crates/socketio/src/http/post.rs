//! Posts: what a polling client sends.

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;

use actix_web::http::header::{CONTENT_LENGTH, CONTENT_TYPE, ContentType};
use actix_web::{HttpRequest, HttpResponse, web};
use engineioxide_core::Str;
use futures_core::Stream as _;

use super::refusal::Refusal;
use crate::engine::{Claim, Session};
use crate::reason::Reason;
use crate::wire::SEPARATOR;

/// Handles what a client sends, waiting while the queues of its sockets are full.
pub(super) async fn take(
    request: &HttpRequest,
    payload: web::Payload,
    session: &Arc<Session>,
) -> Result<HttpResponse, Refusal> {
    match session.begin_post() {
        Claim::Granted => (),
        Claim::Taken | Claim::Elsewhere => return Err(Refusal::BadRequest),
        Claim::Gone => return Err(Refusal::UnknownSession),
    }
    let _posting = Posting(session);
    tokio::select! {
        biased;
        taken = take_all(request, payload, session) => taken,
        // A client that never finishes its request must not be waited for.
        () = session.over() => Err(Refusal::BadRequest),
    }
}

async fn take_all(
    request: &HttpRequest,
    payload: web::Payload,
    session: &Arc<Session>,
) -> Result<HttpResponse, Refusal> {
    let text = match read(request, payload, session.shared.options.max_payload).await {
        Ok(text) => text,
        Err(refusal) => {
            session.close(Reason::TransportError);
            return Err(refusal);
        }
    };
    // Each packet is a slice of the same bytes.
    let text = Str::from(text);
    let mut start = 0_usize;
    for packet in text.as_str().split(char::from(SEPARATOR)) {
        let end = start.saturating_add(packet.len());
        if let Err(reason) = session.take_text(text.slice(start..end)).await {
            session.close(reason);
            return if reason == Reason::TransportClose {
                Ok(accepted())
            } else {
                Err(Refusal::BadRequest)
            };
        }
        start = end.saturating_add(1);
    }
    Ok(accepted())
}

fn accepted() -> HttpResponse {
    HttpResponse::Ok()
        .content_type(ContentType::html())
        .body("ok")
}

/// Reads the body, up to its maximum length.
async fn read(
    request: &HttpRequest,
    payload: web::Payload,
    most: usize,
) -> Result<String, Refusal> {
    let headers = request.headers();
    let kind = headers.get(CONTENT_TYPE);
    if kind.is_some_and(|kind| kind == "application/octet-stream") {
        return Err(Refusal::BadRequest);
    }
    let announced = headers.get(CONTENT_LENGTH);
    let announced = announced.and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
    if announced.is_some_and(|length| length > most) {
        return Err(Refusal::TooLong);
    }
    let mut body = Vec::with_capacity(announced.unwrap_or_default());
    let mut payload = payload.into_inner();
    while let Some(chunk) = poll_fn(|cx| Pin::new(&mut payload).poll_next(cx)).await {
        let chunk = chunk.ok().ok_or(Refusal::BadRequest)?;
        if body.len().saturating_add(chunk.len()) > most {
            return Err(Refusal::TooLong);
        }
        body.extend_from_slice(&chunk);
    }
    String::from_utf8(body).ok().ok_or(Refusal::BadRequest)
}

/// A post that is being read. Only one is allowed at a time, since the order of two would be undefined.
struct Posting<'a>(&'a Session);

impl Drop for Posting<'_> {
    fn drop(&mut self) {
        self.0.end_post();
    }
}
