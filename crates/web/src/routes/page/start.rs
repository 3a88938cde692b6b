//! What a person gets who points a browser at the server.

use std::sync::LazyLock;

use actix_web::http::header::{CONTENT_SECURITY_POLICY, HeaderValue};
use actix_web::{HttpRequest, HttpResponse};

use crate::routes::fixed::Fixed;

/// What the page may load and do: its own files and this server. Pictures that take a token are fetched
/// and shown from memory (`blob:`), and no script can make elements out of text: what is trusted
/// (`trusted-types`) is the address of the worker alone.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
    img-src 'self' blob:; media-src blob:; connect-src 'self'; base-uri 'none'; form-action 'none'; \
    frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types worker";

static PAGE: LazyLock<Fixed> = LazyLock::new(|| {
    let bytes = include_bytes!(concat!(env!("OUT_DIR"), "/index.html"));
    Fixed::new("text/html; charset=utf-8", bytes)
});

/// `GET /`: the web client.
pub(in crate::routes) async fn start(request: HttpRequest) -> HttpResponse {
    let mut response = PAGE.answer(&request);
    let policy = HeaderValue::from_static(POLICY);
    response
        .headers_mut()
        .insert(CONTENT_SECURITY_POLICY, policy);
    response
}
