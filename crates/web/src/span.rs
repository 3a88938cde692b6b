//! Spans of requests and of socket commands, for tracing. They contain nothing that people write,
//! and nothing that could identify them.

use actix_web::HttpRequest;
use tracing::Span;
use tracing::field::Empty;

use crate::meter;
use crate::options::Adopt;

/// The span of a request, from its head to its response. With `adopt`, it continues the trace that
/// the request's headers name.
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

/// Records how the request was answered.
pub(crate) fn answered(span: &Span, status: u16) {
    // As an `i64`: a narrower integer would be exported as text.
    span.record("http.response.status_code", i64::from(status));
    if status >= 500 {
        span.record("otel.status_code", "ERROR");
    }
}

/// The span of a command that a client sends over a socket of this kind.
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
