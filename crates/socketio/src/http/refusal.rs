//! Error responses, in the terms of Engine.IO.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use serde_json::json;

/// Why a request is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    UnknownTransport,
    UnknownSession,
    BadMethod,
    BadRequest,
    Forbidden,
    UnsupportedProtocol,
    /// The body is too long.
    TooLong,
    /// There are too many sessions, or the server is stopping.
    Overloaded,
}

impl Refusal {
    pub(super) fn answer(self) -> HttpResponse {
        let (status, code, message) = match self {
            Self::UnknownTransport => (StatusCode::BAD_REQUEST, 0, "Transport unknown"),
            Self::UnknownSession => (StatusCode::BAD_REQUEST, 1, "Session ID unknown"),
            Self::BadMethod => (StatusCode::BAD_REQUEST, 2, "Bad handshake method"),
            Self::BadRequest => (StatusCode::BAD_REQUEST, 3, "Bad request"),
            Self::Forbidden => (StatusCode::FORBIDDEN, 4, "Forbidden"),
            Self::UnsupportedProtocol => {
                (StatusCode::BAD_REQUEST, 5, "Unsupported protocol version")
            }
            Self::TooLong => (StatusCode::PAYLOAD_TOO_LARGE, 3, "Payload too large"),
            Self::Overloaded => (StatusCode::SERVICE_UNAVAILABLE, 4, "Service unavailable"),
        };
        HttpResponse::build(status).json(json!({ "code": code, "message": message }))
    }
}
