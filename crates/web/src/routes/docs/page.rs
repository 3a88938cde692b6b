//! The page at `/docs` and its files. All of them are embedded in the binary.

use std::sync::LazyLock;

use actix_web::http::header::{CONTENT_SECURITY_POLICY, HeaderValue};
use actix_web::{HttpRequest, HttpResponse};

use crate::routes::fixed::Fixed;

/// What the page may load and do: its own files and this server. The viewer sets inline styles on
/// its elements, and its stylesheet contains images as `data:` URLs.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
    img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; \
    frame-ancestors 'none'";

static PAGE: LazyLock<Fixed> =
    LazyLock::new(|| Fixed::new("text/html; charset=utf-8", include_bytes!("page.html")));
static SCRIPT: LazyLock<Fixed> =
    LazyLock::new(|| Fixed::new("text/javascript; charset=utf-8", include_bytes!("start.js")));
static STYLE: LazyLock<Fixed> = LazyLock::new(|| {
    let bytes = include_bytes!(concat!(env!("OUT_DIR"), "/swagger-ui.css"));
    Fixed::new("text/css; charset=utf-8", bytes)
});
static VIEWER: LazyLock<Fixed> = LazyLock::new(|| {
    let bytes = include_bytes!(concat!(env!("OUT_DIR"), "/swagger-ui-bundle.js"));
    Fixed::new("text/javascript; charset=utf-8", bytes)
});

/// `GET /docs`.
pub(in crate::routes) async fn page(request: HttpRequest) -> HttpResponse {
    let mut response = PAGE.answer(&request);
    let policy = HeaderValue::from_static(POLICY);
    response
        .headers_mut()
        .insert(CONTENT_SECURITY_POLICY, policy);
    response
}

/// `GET /docs/start.js`: starts the viewer.
pub(in crate::routes) async fn script(request: HttpRequest) -> HttpResponse {
    SCRIPT.answer(&request)
}

/// `GET /docs/swagger-ui.css`.
pub(in crate::routes) async fn style(request: HttpRequest) -> HttpResponse {
    STYLE.answer(&request)
}

/// `GET /docs/swagger-ui-bundle.js`.
pub(in crate::routes) async fn viewer(request: HttpRequest) -> HttpResponse {
    VIEWER.answer(&request)
}
