//! What a request is told that may not have what it asks for, in the words of Engine.IO.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use serde_json::json;

/// Why a request may not have what it asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    UnknownTransport,
    UnknownSession,
    BadMethod,
    BadRequest,
    Forbidden,
    UnsupportedProtocol,
    /// What was sent is longer than may be.
    TooLong,
    /// There are as many sessions as may be, or the server stops.
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
