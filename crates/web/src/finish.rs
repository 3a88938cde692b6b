//! What every response gets: the request's id, problem documents for errors, and security headers.

use std::convert::Infallible;
use std::time::{Duration, Instant};

use actix_cors::Cors as CorsRules;
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::error::InternalError;
use actix_web::http::Method;
use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_LENGTH, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderMap, HeaderName,
    HeaderValue, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS,
    X_FRAME_OPTIONS,
};
use actix_web::middleware::Next;
use actix_web::{HttpMessage as _, HttpRequest, HttpResponse, web};
use domain::EventId;
use domain::port::IdsExt as _;
use futures::channel::oneshot;
use protocol::ErrorCode;
use tracing::Instrument as _;

use crate::error::ApiError;
use crate::handover::attend;
use crate::meter;
use crate::options::{Cors, Options};
use crate::pieces::in_pieces;
use crate::socketio;
use crate::span;
use crate::state::State;
use crate::tasks::{self, Panicked};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The id of a request, kept with it.
struct RequestId(String);

/// Gives the request an id, has it handled, logs it, and completes the response.
pub(crate) async fn finish(
    state: web::Data<State>,
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let started = Instant::now();
    let id = name(&request, &state);
    request.extensions_mut().insert(RequestId(id.clone()));
    // Inner layers answer errors instead of passing them on: the framework has already turned
    // whatever a handler returned into a response.
    let span = span::of_request(request.request(), &id, state.options.adopt);
    let polls = socketio::is_poll(request.method(), request.path(), request.query_string());
    let answered = if polls {
        let _attention = attend(request.request());
        while_awaited(next.call(request).instrument(span.clone())).await
    } else {
        undisturbed(next.call(request).instrument(span.clone())).await
    };
    let _told_within = span.enter();
    let response = answered.map_err(|Panicked| {
        let mut answer = panicked(&id);
        complete(answer.headers_mut(), &id, &state.options);
        InternalError::from_response("a handler panicked", answer)
    })??;
    let mut response = in_own_words(response.map_into_boxed_body(), &id);
    let (status, took) = (response.status().as_u16(), started.elapsed());
    meter::count(response.request(), status, took);
    span::answered(&span, status);
    write_down(response.request(), status, &id, took);
    complete(response.headers_mut(), &id, &state.options);
    Ok(response.map_body(|_, body| in_pieces(body)))
}

/// The id that a request was given, for work that outlives it.
pub(crate) fn request_id(request: &HttpRequest) -> String {
    let kept = request.extensions();
    let id = kept.get::<RequestId>();
    id.map_or_else(String::new, |RequestId(id)| id.clone())
}

/// Runs the request to completion even if the client disconnects. Otherwise a use case could be
/// cancelled anywhere, for example between storing a change and announcing it.
async fn undisturbed<T: 'static>(work: impl Future<Output = T> + 'static) -> Result<T, Panicked> {
    tasks::spawn(work).await
}

/// Runs the request until the client disconnects. One that waits for news changes nothing, and whoever
/// could tell the news learns that nobody waits for it.
async fn while_awaited<T: 'static>(work: impl Future<Output = T> + 'static) -> Result<T, Panicked> {
    let (awaits, left) = oneshot::channel::<Infallible>();
    let done = tasks::spawn(async move {
        tokio::select! {
            biased;
            done = work => Some(done),
            _ = left => None,
        }
    });
    let done = done.await;
    drop(awaits);
    done?.ok_or(Panicked)
}

/// The response to a request whose handler panicked.
fn panicked(id: &str) -> HttpResponse {
    tracing::error!(request_id = id, "a handler panicked");
    metrics::counter!("tertulia_http_breakdowns_total").increment(1);
    ApiError::new(ErrorCode::Internal, "something went wrong on our side").answer(id)
}

/// The client's own id for the request, if it is well formed; otherwise a new one.
fn name(request: &ServiceRequest, state: &State) -> String {
    request
        .headers()
        .get(REQUEST_ID)
        .and_then(|value| value.to_str().ok())
        .filter(|text| is_well_formed(text))
        .map_or_else(|| state.ids.next::<EventId>().to_string(), str::to_owned)
}

fn is_well_formed(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_.:".contains(c);
    (1..=128).contains(&text.len()) && text.chars().all(plain)
}

/// Turns errors that handlers returned, and those of the framework, into problem documents.
fn in_own_words(response: ServiceResponse<BoxBody>, id: &str) -> ServiceResponse<BoxBody> {
    let problem = match response.response().error() {
        Some(error) => problem(error, id),
        None if is_wordless_error(&response) => {
            told(&ApiError::of_framework(response.status()), id)
        }
        None => return response,
    };
    let mut answer = problem;
    // Headers that inner layers have set, such as those on rate limits, are kept.
    for (name, value) in response.headers() {
        if name != CONTENT_TYPE && name != CONTENT_LENGTH {
            answer.headers_mut().append(name.clone(), value.clone());
        }
    }
    response.into_response(answer)
}

fn problem(error: &actix_web::Error, id: &str) -> HttpResponse {
    if let Some(error) = error.as_error::<ApiError>() {
        told(error, id)
    } else {
        let status = error.as_response_error().status_code();
        told(&ApiError::of_framework(status), id)
    }
}

fn told(error: &ApiError, id: &str) -> HttpResponse {
    error.log(id);
    error.answer(id)
}

/// Whether this is an error of the framework's own, for an address or a method without a handler.
fn is_wordless_error(response: &ServiceResponse<BoxBody>) -> bool {
    let status = response.status();
    let wordless = !response.headers().contains_key(CONTENT_TYPE);
    (status.is_client_error() || status.is_server_error()) && wordless
}

fn write_down(request: &HttpRequest, status: u16, request_id: &str, took: Duration) {
    let method = request.method().as_str();
    // The pattern and not the path: a path may contain the secret of an invite.
    let route = meter::route(request);
    let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
    tracing::debug!(
        request_id,
        method,
        route,
        status,
        micros,
        "a request was answered"
    );
}

fn complete(headers: &mut HeaderMap, id: &str, options: &Options) {
    if let Ok(id) = HeaderValue::from_str(id) {
        headers.insert(REQUEST_ID, id);
    }
    let json_or_nothing = headers
        .get(CONTENT_TYPE)
        .is_none_or(|kind| kind.as_bytes().ends_with(b"json"));
    if json_or_nothing && !headers.contains_key(CACHE_CONTROL) {
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    for (name, value) in [
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (X_FRAME_OPTIONS, "DENY"),
        (REFERRER_POLICY, "no-referrer"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if !headers.contains_key(CONTENT_SECURITY_POLICY) {
        headers.insert(
            CONTENT_SECURITY_POLICY,
            HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'"),
        );
    }
    if options.tls_terminated && !options.hsts.is_zero() {
        let value = format!("max-age={}; includeSubDomains", options.hsts.as_secs());
        if let Ok(value) = HeaderValue::try_from(value) {
            headers.insert(STRICT_TRANSPORT_SECURITY, value);
        }
    }
}

/// Which origins' pages may make requests. Only those listed by name may send cookies.
pub(crate) fn cross_origin(cors: &Cors) -> CorsRules {
    let rules = CorsRules::default()
        .allowed_methods([
            Method::GET,
            Method::HEAD,
            Method::POST,
            Method::PUT,
            Method::PATCH,
            Method::DELETE,
            Method::OPTIONS,
        ])
        .allow_any_header()
        .expose_headers([
            "content-disposition",
            "content-range",
            "etag",
            "location",
            "ratelimit",
            "ratelimit-policy",
            "retry-after",
            "x-request-id",
        ])
        .max_age(3600);
    match cors {
        Cors::Any => rules.allow_any_origin().send_wildcard(),
        Cors::Only(origins) => origins
            .iter()
            .fold(rules.supports_credentials(), |rules, origin| {
                rules.allowed_origin(origin)
            }),
    }
}

#[cfg(test)]
mod tests {
    use std::future::pending;

    use futures::FutureExt as _;

    use super::*;

    #[actix_web::test]
    async fn work_is_done_though_nobody_waits_for_it() {
        let (begun, mut waiting) = oneshot::channel();
        let (go_on, told) = oneshot::channel();
        let (done, end) = oneshot::channel();
        let mut work = Box::pin(undisturbed(async move {
            begun.send(()).unwrap();
            told.await.unwrap();
            done.send(()).unwrap();
        }));
        futures::select_biased! {
            _ = (&mut work).fuse() => panic!("it was not told to go on"),
            begun = (&mut waiting).fuse() => begun.unwrap(),
        }
        drop(work);
        go_on.send(()).unwrap();
        end.await.unwrap();
    }

    #[actix_web::test]
    async fn a_poll_ends_when_nobody_waits_for_it() {
        let (begun, mut waiting) = oneshot::channel();
        let (held, ended) = oneshot::channel::<()>();
        let mut poll = Box::pin(while_awaited(async move {
            let _held = held;
            begun.send(()).unwrap();
            pending::<()>().await;
        }));
        futures::select_biased! {
            _ = (&mut poll).fuse() => panic!("there is no news"),
            begun = (&mut waiting).fuse() => begun.unwrap(),
        }
        drop(poll);
        ended.await.unwrap_err();
    }

    #[actix_web::test]
    async fn a_poll_that_is_awaited_is_answered() {
        assert_eq!(while_awaited(async { 7 }).await, Ok(7));
    }

    #[actix_web::test]
    async fn a_breakdown_is_an_error_of_ours() {
        let panic = undisturbed(async { panic!("as the test wants it") }).await;
        assert_eq!(panic, Err::<(), _>(Panicked));
        let answer = panicked("7");
        assert_eq!(answer.status().as_u16(), 500);
        assert!(answer.headers().contains_key(CONTENT_TYPE));
    }

    #[test]
    fn only_names_that_can_do_no_harm_in_a_log_are_kept() {
        for name in ["a", "7f3c-11", "trace:1.2_3", &"x".repeat(128)] {
            assert!(is_well_formed(name), "{name}");
        }
        for name in ["", "a b", "a\"b", "é", "<a>", &"x".repeat(129)] {
            assert!(!is_well_formed(name), "{name}");
        }
    }
}
