//! The refresh token in a cookie, for browsers: no script can read it there.
//!
//! A browser sends it along whichever page asks. `SameSite` keeps the pages of other sites away from it,
//! but not those of a neighbouring host, so here it is also asked whose page it was.

use actix_web::cookie::time::OffsetDateTime;
use actix_web::cookie::{Cookie, SameSite};
use actix_web::http::header::{HOST, HeaderName, ORIGIN};
use actix_web::{HttpRequest, HttpResponse};
use domain::{RefreshToken, Timestamp};
use protocol::{ErrorCode, rest};

use crate::body::query;
use crate::error::ApiError;
use crate::{Cors, Options};

const NAME: &str = "tertulia_refresh";
const PATH: &str = "/api/auth";
/// Where browsers say how a page is related to the server that it asks.
const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Whether the token is to go into the cookie.
pub(super) fn wish(
    request: &HttpRequest,
    options: &Options,
) -> Result<rest::CookieQuery, ApiError> {
    let wish: rest::CookieQuery = query(request)?;
    if wish.cookie {
        of_own_page(request, options)?;
    }
    Ok(wish)
}

/// The token that came in the cookie.
pub(super) fn held(
    request: &HttpRequest,
    options: &Options,
) -> Result<Option<RefreshToken>, ApiError> {
    let Some(cookie) = request.cookie(NAME) else {
        return Ok(None);
    };
    of_own_page(request, options)?;
    Ok(Some(RefreshToken::from_string(cookie.value().to_owned())))
}

/// Refuses what a page of a foreign origin asks. Whoever is no browser says nothing of pages.
fn of_own_page(request: &HttpRequest, options: &Options) -> Result<(), ApiError> {
    let told = |name| Some(request.headers().get(name)?.to_str().unwrap_or_default());
    let origin = told(ORIGIN);
    let named = |origin| match &options.cors {
        Cors::Any => false,
        Cors::Only(origins) => origins.iter().any(|named| named == origin),
    };
    let own = match (told(SEC_FETCH_SITE), origin) {
        (_, Some(origin)) if named(origin) => true,
        (Some(site), _) => site == "same-origin" || site == "none",
        (None, Some(origin)) => is_ours(origin, told(HOST), options),
        (None, None) => true,
    };
    if own {
        return Ok(());
    }
    Err(ApiError::new(
        ErrorCode::Forbidden,
        "the cookie is not for pages of this origin",
    ))
}

/// Whether an origin is where people reach this server, or where this request has reached it.
fn is_ours(origin: &str, host: Option<&str>, options: &Options) -> bool {
    let asked = origin.split_once("://").map(|(_scheme, host)| host);
    let public = options.public_url.as_deref().is_some_and(|url| {
        let rest = url.strip_prefix(origin);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    });
    public || (asked.is_some() && asked == host)
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
