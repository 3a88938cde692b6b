//! The refresh token in a cookie, for browsers: scripts cannot read it there.
//!
//! A browser sends it with requests of any page. `SameSite` keeps it from pages of other sites, but
//! not from those of a sibling host, so the origin of the page is checked here as well.

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
/// In which browsers say how the origin of a page relates to that of the server.
const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Whether the client asked for the token in a cookie.
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

/// The token in the request's cookie.
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

/// Refuses requests of pages from a foreign origin. Clients other than browsers send neither
/// header.
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

/// Whether an origin is the public one of this server, or the one that the request was sent to.
fn is_ours(origin: &str, host: Option<&str>, options: &Options) -> bool {
    let asked = origin.split_once("://").map(|(_scheme, host)| host);
    let public = options.public_url.as_deref().is_some_and(|url| {
        let rest = url.strip_prefix(origin);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    });
    public || (asked.is_some() && asked == host)
}

/// The cookie with a token, which expires with it.
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

/// Makes the browser delete its cookie.
pub(super) fn forget(response: &mut HttpResponse, options: &Options) {
    let mut cookie = plain(String::new(), options);
    cookie.make_removal();
    put(response, &cookie);
}

/// Adds a cookie to a response.
pub(super) fn put(response: &mut HttpResponse, cookie: &Cookie<'_>) {
    if let Err(error) = response.add_cookie(cookie) {
        // Cannot happen: tokens consist of letters, digits and dashes, which every header accepts.
        tracing::error!(%error, "could not add the refresh token's cookie to a response");
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
