//! The machine-readable descriptions of the API.

use std::sync::LazyLock;

use actix_web::{HttpRequest, HttpResponse};

use super::fixed::Fixed;

static OPENAPI: LazyLock<Fixed> = LazyLock::new(|| {
    Fixed::new("application/json", crate::openapi::document().as_bytes()).unkept()
});
static ASYNCAPI: LazyLock<Fixed> = LazyLock::new(|| {
    let document = protocol::realtime::asyncapi();
    Fixed::new("application/json", document.as_bytes()).unkept()
});

/// `GET /openapi.json`: the REST API.
pub(super) async fn openapi(request: HttpRequest) -> HttpResponse {
    OPENAPI.answer(&request)
}

/// `GET /asyncapi.json`: the protocol of `/api/ws`.
pub(super) async fn asyncapi(request: HttpRequest) -> HttpResponse {
    ASYNCAPI.answer(&request)
}
