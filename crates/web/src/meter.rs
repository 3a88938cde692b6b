//! Request metrics.

use std::time::Duration;

use actix_web::HttpRequest;
use actix_web::http::Method;

/// Counts a request that was answered. The labels have few values, whatever clients send: the path
/// is represented by its pattern, which holds no secrets either.
pub(crate) fn count(request: &HttpRequest, status: u16, took: Duration) {
    let method = method(request.method());
    let route = route(request);
    metrics::counter!(
        "tertulia_http_requests_total",
        "method" => method, "route" => route.clone(), "status" => class(status)
    )
    .increment(1);
    metrics::histogram!("tertulia_http_request_seconds", "method" => method, "route" => route)
        .record(took);
}

/// The pattern of the path.
pub(crate) fn route(request: &HttpRequest) -> String {
    request.match_pattern().unwrap_or_else(|| "none".to_owned())
}

/// The method, if it is a known one.
pub(crate) fn method(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        // Clients may invent as many as they like.
        _ => "other",
    }
}

const fn class(status: u16) -> &'static str {
    match status {
        100..200 => "1xx",
        200..300 => "2xx",
        300..400 => "3xx",
        400..500 => "4xx",
        _ => "5xx",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn made_up_methods_are_one() {
        assert_eq!(method(&Method::PATCH), "PATCH");
        assert_eq!(method(&"BREW".parse().unwrap()), "other");
    }

    #[test]
    fn statuses_are_counted_by_their_class() {
        for (status, expected) in [(101, "1xx"), (204, "2xx"), (304, "3xx"), (429, "4xx")] {
            assert_eq!(class(status), expected);
        }
        assert_eq!((class(500), class(503)), ("5xx", "5xx"));
    }
}
