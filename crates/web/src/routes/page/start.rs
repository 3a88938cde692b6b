//! The web client's page, which a browser gets at the root of the server.

use std::sync::LazyLock;

use actix_web::http::header::{CONTENT_SECURITY_POLICY, HeaderValue};
use actix_web::{HttpRequest, HttpResponse};

use crate::routes::fixed::Fixed;

/// What the page may load and do: its own files and this server. Pictures that need a token are
/// fetched and shown from memory (`blob:`), and no script can turn text into elements: the only
/// trusted value (`trusted-types`) is the URL of the service worker.
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
