//! The refresh token in a cookie, for browsers: no script can read it there.

use actix_web::cookie::time::OffsetDateTime;
use actix_web::cookie::{Cookie, SameSite};
use actix_web::{HttpRequest, HttpResponse};
use domain::{RefreshToken, Timestamp};

use crate::Options;

const NAME: &str = "tertulia_refresh";
const PATH: &str = "/api/auth";

/// The token that came in the cookie.
pub(super) fn held(request: &HttpRequest) -> Option<RefreshToken> {
    request
        .cookie(NAME)
        .map(|cookie| RefreshToken::from_string(cookie.value().to_owned()))
}

/// The cookie that holds a token until it ends.
pub(super) fn holding(
    token: &RefreshToken,
    until: Timestamp,
    options: &Options,
) -> Cookie<'static> {
    let mut cookie = plain(token.reveal().to_owned(), options);
    if let Ok(end) = OffsetDateTime::from_unix_timestamp(until.as_seconds()) {
        cookie.set_expires(end);
    }
    cookie
}

/// Has the browser forget its token.
pub(super) fn forget(response: &mut HttpResponse, options: &Options) {
    let mut cookie = plain(String::new(), options);
    cookie.make_removal();
    put(response, &cookie);
}

/// Sends a cookie along.
pub(super) fn put(response: &mut HttpResponse, cookie: &Cookie<'_>) {
    if let Err(error) = response.add_cookie(cookie) {
        // Tokens are letters, digits and dashes, which every header takes.
        tracing::error!(%error, "a cookie could not be sent");
    }
}

fn plain(value: String, options: &Options) -> Cookie<'static> {
    Cookie::build(NAME, value)
        .path(PATH)
        .http_only(true)
        .same_site(SameSite::Strict)
        .secure(options.tls_terminated)
        .finish()
}
