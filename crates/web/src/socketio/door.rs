//! Admits clients of Socket.IO.

use std::rc::Rc;

use actix_web::http::Method;
use application::Error;
use protocol::ErrorCode;
use serde_json::{Value, json};
use socketio::{ConnectError, Cors, Handshake, IoServer, Namespaces, Origins};

use super::stay::stay;
use crate::error::ApiError;
use crate::live::{Arrival, Worker};
use crate::options::{self, Options};

/// The paths of Socket.IO: the default of its clients, and one that some are configured with.
const PATHS: &[&str] = &["/socket.io", "/ws"];

/// The part that all workers share.
pub(crate) fn server(options: &Options) -> IoServer {
    let origins = match &options.cors {
        options::Cors::Any => Origins::Any,
        options::Cors::Only(origins) => Origins::Only(origins.clone()),
    };
    IoServer::new(socketio::Options {
        cors: Cors {
            origins,
            // The middleware around all routes does that.
            told_elsewhere: true,
            ..Cors::default()
        },
        ..socketio::Options::default()
    })
}

/// The part of one worker, to configure the application with.
pub(crate) fn mount(
    server: &IoServer,
    worker: &Rc<Worker>,
) -> impl FnOnce(&mut actix_web::web::ServiceConfig) + use<> {
    let (guard, serving) = (Rc::clone(worker), Rc::clone(worker));
    let namespaces = Namespaces::new().guarded(
        "/",
        async move |handshake: &Handshake| authorize(&guard, handshake).await,
        async move |socket, handshake, guest| {
            Box::pin(stay(Rc::clone(&serving), socket, handshake, guest)).await;
        },
    );
    server.mount(PATHS, namespaces)
}

/// Whether a request belongs to an existing session: those are limited by what they carry.
pub(crate) fn is_of_session(path: &str, query: &str) -> bool {
    let path = path.trim_end_matches('/');
    PATHS.contains(&path) && query.split('&').any(|pair| pair.starts_with("sid="))
}

/// Whether a request waits for what its session has to say. It may be abandoned at any time.
pub(crate) fn is_poll(method: &Method, path: &str, query: &str) -> bool {
    let polls = query.split('&').any(|pair| pair == "transport=polling");
    *method == Method::GET && polls && is_of_session(path, query)
}

/// A client that may connect: admitted by its token, or unknown until it authenticates.
pub(super) type Guest = Option<Arrival>;

async fn authorize(worker: &Rc<Worker>, handshake: &Handshake) -> Result<Guest, ConnectError> {
    if worker.sockets.are_closing() {
        let words = "this node is stopping: connect to another one";
        return Err(refusal(&ApiError::new(ErrorCode::Unavailable, words)));
    }
    let Some(token) = token(handshake).map_err(|error| refusal(&error))? else {
        return Ok(None);
    };
    let arrival = admit(worker, &token).await;
    arrival.map(Some).map_err(|error| refusal(&error))
}

/// Admits a client with this token.
pub(super) async fn admit(worker: &Worker, token: &str) -> Result<Arrival, ApiError> {
    let admitted = worker.admit(token).await;
    admitted.map(Arrival::hushed).map_err(|error: Error| {
        let error = ApiError::from(error);
        error.log("socket.io");
        error
    })
}

/// The token in the handshake's `auth` or in a header, if there is one.
fn token(handshake: &Handshake) -> Result<Option<String>, ApiError> {
    let given = match handshake.auth.get("token") {
        None | Some(Value::Null) => None,
        Some(Value::String(given)) => Some(given.as_str()).filter(|given| !given.is_empty()),
        // A malformed token is refused rather than ignored.
        Some(_) => {
            let words = "auth.token must be a string";
            return Err(ApiError::new(ErrorCode::Unauthenticated, words));
        }
    };
    let shown = given.or_else(|| handshake.header("authorization"));
    let bare = shown.map(bare).filter(|token| !token.is_empty());
    Ok(bare.map(str::to_owned))
}

fn bare(shown: &str) -> &str {
    let shown = shown.trim();
    match shown.split_once(' ') {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => token.trim(),
        _ => shown,
    }
}

fn refusal(error: &ApiError) -> ConnectError {
    ConnectError::with_data(error.detail(), json!({ "code": error.code() }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_of_a_session_are_known_by_its_id() {
        for path in ["/socket.io", "/socket.io/", "/ws/"] {
            assert!(is_of_session(path, "EIO=4&transport=polling&sid=abc"));
            assert!(!is_of_session(path, "EIO=4&transport=polling"));
        }
        assert!(!is_of_session("/api/rooms", "sid=abc"));
    }

    #[test]
    fn polls_are_told_from_whatever_else_comes_for_a_session() {
        let is_poll = |method, query| is_poll(&method, "/socket.io/", query);
        assert!(is_poll(Method::GET, "EIO=4&transport=polling&sid=abc"));
        assert!(!is_poll(Method::POST, "EIO=4&transport=polling&sid=abc"));
        assert!(!is_poll(Method::GET, "EIO=4&transport=websocket&sid=abc"));
        assert!(!is_poll(Method::GET, "EIO=4&transport=polling"));
    }
}
