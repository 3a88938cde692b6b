//! What a person sees who points a browser at the server: what this is, and where to read on.

use actix_web::HttpResponse;
use actix_web::http::header::{CACHE_CONTROL, ContentType};

/// Without a style or a script, so that the strictest of policies, which every answer carries, holds
/// for it as well.
const PAGE: &str = include_str!("welcome.html");

/// `GET /`: a greeting.
pub(super) async fn page() -> HttpResponse {
    HttpResponse::Ok()
        .content_type(ContentType::html())
        // The next version of the server may greet otherwise.
        .insert_header((CACHE_CONTROL, "no-cache"))
        .body(PAGE)
}
