//! What is told of requests and of what sockets ask for, to whoever follows spans. Nothing of what people
//! say, and nothing by which they could be known.

use actix_web::HttpRequest;
use tracing::Span;
use tracing::field::Empty;

use crate::meter;
use crate::options::Adopt;

/// A request, from its head to its answer. What follows a span elsewhere may tell of it in its headers.
pub(crate) fn of_request(request: &HttpRequest, id: &str, adopt: Option<Adopt>) -> Span {
    let span = tracing::info_span!(
        "request",
        otel.name = Empty,
        otel.kind = "server",
        otel.status_code = Empty,
        http.request.method = Empty,
        http.route = Empty,
        http.response.status_code = Empty,
        request_id = id,
    );
    if span.is_disabled() {
        return span;
    }
    let (method, route) = (meter::method(request.method()), meter::route(request));
    span.record("otel.name", format!("{method} {route}"));
    span.record("http.request.method", method);
    span.record("http.route", route);
    let header = |name| request.headers().get(name).and_then(|it| it.to_str().ok());
    if let Some((adopt, parent)) = adopt.zip(header("traceparent")) {
        adopt(&span, parent, header("tracestate"));
    }
    span
}

/// How it was answered.
pub(crate) fn answered(span: &Span, status: u16) {
    // As a number: one of another width would be told as a text.
    span.record("http.response.status_code", i64::from(status));
    if status >= 500 {
        span.record("otel.status_code", "ERROR");
    }
}

/// Something that a client asks for over a socket of this kind.
pub(crate) fn of_frame(door: &'static str, what: &'static str) -> Span {
    let span = tracing::info_span!(
        "frame",
        otel.name = Empty,
        otel.kind = "server",
        messaging.system = door,
        messaging.operation.name = what,
    );
    if !span.is_disabled() {
        span.record("otel.name", format!("{door} {what}"));
    }
    span
}
