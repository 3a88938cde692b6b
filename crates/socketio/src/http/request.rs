//! What a request is for.

use actix_web::HttpRequest;
use actix_web::http::Method;
use actix_web::http::header::{CONNECTION, UPGRADE};
use engineioxide_core::Sid;

use super::refusal::Refusal;
use crate::engine::{Opening, Transport};

/// The only version of Engine.IO that is supported.
const VERSION: &str = "4";

/// What a request is for.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    /// A new session.
    Open(Transport),
    /// An existing session, if there is one with this id.
    Session(Transport, Sid),
}

/// Reads the query parameters.
pub(super) fn read(request: &HttpRequest) -> Result<Purpose, Refusal> {
    let mut version = None;
    let mut transport = None;
    let mut sid = None;
    for (name, value) in form_urlencoded::parse(request.query_string().as_bytes()) {
        match &*name {
            "EIO" => version = Some(value),
            "transport" => transport = Some(value),
            "sid" => sid = Some(value),
            _ => (),
        }
    }
    let transport = match transport.as_deref() {
        Some("polling") => Transport::Polling,
        Some("websocket") => Transport::WebSocket,
        _ => return Err(Refusal::UnknownTransport),
    };
    let supported = version.as_deref() == Some(VERSION);
    if let Some(sid) = sid {
        let sid = sid.parse().ok().ok_or(Refusal::UnknownSession)?;
        return if supported {
            Ok(Purpose::Session(transport, sid))
        } else {
            Err(Refusal::UnsupportedProtocol)
        };
    }
    if request.method() != Method::GET {
        return Err(Refusal::BadMethod);
    }
    if transport == Transport::WebSocket && !asks_to_upgrade(request) {
        return Err(Refusal::BadRequest);
    }
    if supported {
        Ok(Purpose::Open(transport))
    } else {
        Err(Refusal::UnsupportedProtocol)
    }
}

pub(super) fn asks_to_upgrade(request: &HttpRequest) -> bool {
    let has = |name, word: &str| {
        let mut values = request.headers().get_all(name);
        values.any(|value| {
            let value = value.to_str().unwrap_or_default().to_ascii_lowercase();
            value.split(',').any(|part| part.trim() == word)
        })
    };
    has(UPGRADE, "websocket") && has(CONNECTION, "upgrade")
}

/// What is kept of the request that opens a session.
pub(super) fn opening(request: &HttpRequest, transport: Transport) -> Opening {
    let headers = request.headers().iter();
    Opening {
        headers: headers
            .filter_map(|(name, value)| Some((name.as_str().into(), value.to_str().ok()?.into())))
            .collect(),
        query: Box::from(request.query_string()),
        path: Box::from(request.path()),
        peer: request.peer_addr(),
        transport,
    }
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    fn asked(request: TestRequest) -> Result<Purpose, Refusal> {
        read(&request.to_http_request())
    }

    #[test]
    fn what_is_wrong_is_named_in_the_order_of_the_protocol() {
        let get = |query: &str| asked(TestRequest::get().uri(&format!("/socket.io/?{query}")));
        assert_eq!(
            get("EIO=4&transport=polling"),
            Ok(Purpose::Open(Transport::Polling))
        );
        assert_eq!(
            get("EIO=4&transport=carrier-pigeon"),
            Err(Refusal::UnknownTransport)
        );
        assert_eq!(get("EIO=4"), Err(Refusal::UnknownTransport));
        assert_eq!(
            get("EIO=4&transport=polling&sid=short"),
            Err(Refusal::UnknownSession)
        );
        assert_eq!(get("EIO=4&transport=websocket"), Err(Refusal::BadRequest));
        assert_eq!(
            get("EIO=3&transport=polling"),
            Err(Refusal::UnsupportedProtocol)
        );
        assert_eq!(get("transport=polling"), Err(Refusal::UnsupportedProtocol));
        let post = TestRequest::post().uri("/socket.io/?EIO=4&transport=polling");
        assert_eq!(asked(post), Err(Refusal::BadMethod));
        let upgrade = TestRequest::get()
            .uri("/socket.io/?EIO=4&transport=websocket")
            .insert_header((CONNECTION, "keep-alive, Upgrade"))
            .insert_header((UPGRADE, "WebSocket"));
        assert_eq!(asked(upgrade), Ok(Purpose::Open(Transport::WebSocket)));
    }
}
