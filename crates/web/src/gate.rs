//! Authenticates and rate-limits every request, once, before any of its body is read.

use std::future::{Ready, ready};

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::http::header::AUTHORIZATION;
use actix_web::middleware::Next;
use actix_web::{FromRequest, HttpMessage as _, HttpRequest, web};
use application::operations::Administrator;
use application::{Caller, Error};
use domain::Refusal;

use crate::error::ApiError;
use crate::state::State;
use crate::{answer, client, socketio, ws};

/// The outcome of looking at the request's token: a caller, or the refusal for routes that need
/// one.
#[derive(Clone)]
struct Shown(Result<Caller, Refusal>);

/// An authenticated caller. As a handler's argument it refuses every other request.
pub(crate) struct SignedIn(pub(crate) Caller);

/// An authenticated caller, or the refusal for a route that turns out to need one.
pub(crate) struct Perhaps(pub(crate) Result<Caller, Refusal>);

/// An administrator of the deployment. As a handler's argument it refuses every other request.
pub(crate) struct Admin(pub(crate) Administrator);

/// Authenticates the request, and refuses it if the limits are exceeded.
pub(crate) async fn gate(
    state: web::Data<State>,
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let of_session = socketio::is_of_session(request.path(), request.query_string());
    if of_session || is_free(request.path()) || is_administrators(&state, &request) {
        return Ok(next.call(request).await?.map_into_boxed_body());
    }
    let shown = match shown(&state, &request).await {
        Ok(shown) => shown,
        Err(error) => return Ok(request.error_response(error)),
    };
    let address = client::address(request.request(), &state.options.trusted_proxies);
    let user = shown.0.as_ref().ok().map(|caller| caller.user);
    let quota = match state.use_cases.admit_request.run(address, user).await {
        Ok(quota) => quota,
        Err(error) => return Ok(request.error_response(ApiError::from(error))),
    };
    request.extensions_mut().insert(shown);
    let mut response = next.call(request).await?.map_into_boxed_body();
    if let Some(quota) = quota {
        answer::tell_general_quota(response.headers_mut(), &quota);
    }
    Ok(response)
}

/// Health checks, metrics and the files of the web client are neither rate-limited nor
/// authenticated here. The path is compared as it was sent: one of these in another spelling is
/// limited, and none of the others slips through.
fn is_free(path: &str) -> bool {
    let is_health = path == "/health" || path.starts_with("/health/");
    // A page has dozens of files, and has to load for clients that share an address with many
    // others, too.
    let is_page = path == "/" || path == "/worker.js" || path.starts_with("/client/");
    is_health || is_page || path == "/metrics"
}

/// Administrators are not limited: a backend signs everybody in from one address. Guesses at their token
/// are.
fn is_administrators(state: &State, request: &ServiceRequest) -> bool {
    let administration = &state.use_cases.administration;
    request.path().starts_with("/api/admin/")
        && administration.admit(bearer(request.request())).is_ok()
}

async fn shown(state: &State, request: &ServiceRequest) -> Result<Shown, ApiError> {
    let request = request.request();
    // Browsers cannot send the header with a WebSocket handshake.
    let token = bearer(request)
        .map(str::to_owned)
        .or_else(|| ws::offered(request));
    let Some(token) = token else {
        return Ok(Shown(Err(Refusal::Unauthenticated)));
    };
    match state.use_cases.authenticate.run(&token).await {
        Ok(caller) => Ok(Shown(Ok(caller))),
        Err(Error::Refused(refusal)) => Ok(Shown(Err(refusal))),
        Err(error @ (Error::Limited(_) | Error::Failed(_))) => Err(error.into()),
    }
}

/// The bearer token of a request that has exactly one. With two, a proxy in front may have checked
/// the other one.
pub(crate) fn bearer(request: &HttpRequest) -> Option<&str> {
    let mut values = request.headers().get_all(AUTHORIZATION);
    let value = values.next()?.to_str().ok()?;
    if values.next().is_some() {
        return None;
    }
    let (scheme, token) = value.trim_start().split_once(' ')?;
    scheme
        .eq_ignore_ascii_case("bearer")
        .then(|| token.trim())
        .filter(|token| !token.is_empty())
}

impl FromRequest for Perhaps {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let shown = request.extensions().get::<Shown>().cloned();
        ready(Ok(Self(
            shown.map_or(Err(Refusal::Unauthenticated), |Shown(caller)| caller),
        )))
    }
}

impl FromRequest for SignedIn {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let perhaps = Perhaps::from_request(request, payload).into_inner();
        ready(perhaps.and_then(|Perhaps(caller)| Ok(Self(caller?))))
    }
}

impl FromRequest for Admin {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let state = request.app_data::<web::Data<State>>();
        let admitted = state.ok_or(Refusal::NotFound).and_then(|state| {
            let administration = &state.use_cases.administration;
            administration.admit(bearer(request))
        });
        ready(admitted.map(Self).map_err(ApiError::from))
    }
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn a_token_is_shown_in_one_way() {
        let shown = |value: &str| {
            let request = TestRequest::default().insert_header((AUTHORIZATION, value));
            bearer(&request.to_http_request()).map(str::to_owned)
        };
        assert_eq!(shown("Bearer abc").as_deref(), Some("abc"));
        assert_eq!(shown("bearer  abc ").as_deref(), Some("abc"));
        for value in ["abc", "Basic abc", "Bearer", "Bearer ", "Bearerabc", ""] {
            assert_eq!(shown(value), None, "{value}");
        }
    }

    #[test]
    fn of_two_tokens_none_counts() {
        let request = TestRequest::default()
            .append_header((AUTHORIZATION, "Bearer abc"))
            .append_header((AUTHORIZATION, "Bearer abc"));
        assert_eq!(bearer(&request.to_http_request()), None);
    }

    #[test]
    fn only_what_watches_the_server_and_the_page_are_free() {
        let health = ["/health", "/health/live", "/health/ready", "/metrics"];
        for path in health
            .into_iter()
            .chain(["/", "/worker.js", "/client/1/script/main.js"])
        {
            assert!(is_free(path));
        }
        for path in [
            "/api/rooms",
            "/healthy",
            "/metrics/",
            "/%61pi/rooms",
            "/client",
            "//",
        ] {
            assert!(!is_free(path));
        }
    }
}
