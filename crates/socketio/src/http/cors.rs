//! Which pages may connect (CORS).

use actix_web::http::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_HEADERS, HOST,
    HeaderMap, HeaderName, HeaderValue, ORIGIN, VARY,
};
use actix_web::{HttpRequest, HttpResponse};

use crate::options::{Cors, Origins};

/// How long a browser may cache a preflight: a day.
const REMEMBERED: &str = "86400";

/// Whether the page that sends a request may connect: pages of `known` origins and of this very host may.
///
/// Browsers say which page wants to connect, and nothing else keeps foreign pages away. Other clients
/// say nothing, and may connect. Any WebSocket server can use it, not only one of Socket.IO.
pub fn page_may_connect(request: &HttpRequest, known: impl Fn(&str) -> bool) -> bool {
    let Some(origin) = request.headers().get(ORIGIN) else {
        return true;
    };
    let Ok(origin) = origin.to_str() else {
        return false;
    };
    let host = request.headers().get(HOST);
    let host = host.and_then(|host| host.to_str().ok());
    let own = origin.split_once("://").map(|(_, host)| host);
    known(origin) || (own.is_some() && own == host)
}

impl Cors {
    pub(super) fn admits(&self, request: &HttpRequest) -> bool {
        page_may_connect(request, |origin| self.knows(origin))
    }

    fn knows(&self, origin: &str) -> bool {
        match &self.origins {
            Origins::Any => true,
            Origins::Only(origins) => origins.iter().any(|known| known == origin),
        }
    }

    /// Tells the browser who may read a response.
    pub(super) fn mark(&self, request: &HttpRequest, headers: &mut HeaderMap) {
        if self.told_elsewhere {
            return;
        }
        let Some(origin) = request.headers().get(ORIGIN) else {
            return;
        };
        if !origin.to_str().is_ok_and(|origin| self.knows(origin)) {
            return;
        }
        // With credentials, a browser insists on its own origin.
        let anybody = self.origins == Origins::Any && !self.credentials;
        if anybody {
            headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
        } else {
            headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
            headers.append(VARY, HeaderValue::from_static("Origin"));
        }
        if self.credentials {
            let yes = HeaderValue::from_static("true");
            headers.insert(ACCESS_CONTROL_ALLOW_CREDENTIALS, yes);
        }
    }

    /// Answers a preflight.
    pub(super) fn preflight(&self, request: &HttpRequest) -> HttpResponse {
        let mut response = HttpResponse::NoContent().finish();
        let headers = response.headers_mut();
        let mut say = |name: HeaderName, value: &'static str| {
            headers.insert(name, HeaderValue::from_static(value));
        };
        say(ACCESS_CONTROL_ALLOW_METHODS, "GET, POST, OPTIONS");
        say(ACCESS_CONTROL_MAX_AGE, REMEMBERED);
        let allowed = match &self.headers {
            Some(headers) => HeaderValue::from_str(&headers.join(", ")).ok(),
            None => request
                .headers()
                .get(ACCESS_CONTROL_REQUEST_HEADERS)
                .cloned(),
        };
        if let Some(allowed) = allowed {
            headers.insert(ACCESS_CONTROL_ALLOW_HEADERS, allowed);
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn pages_of_known_origins_and_of_this_host_may_connect() {
        let known = |origin: &str| origin == "https://friend.example";
        let may = |origin: &[u8]| {
            let request = TestRequest::default()
                .insert_header((HOST, "chat.example"))
                .insert_header((ORIGIN, HeaderValue::from_bytes(origin).unwrap()))
                .to_http_request();
            page_may_connect(&request, known)
        };
        assert!(may(b"https://friend.example"));
        assert!(may(b"https://chat.example"));
        assert!(!may(b"https://foe.example"));
        assert!(!may(b"https://chat.example.foe.example"));
        assert!(!may(b"chat.example"));
        assert!(!may(b"null"));
        assert!(!may(b"\xff"));
        let from_no_page = TestRequest::default().to_http_request();
        assert!(page_may_connect(&from_no_page, known));
    }
}
