//! The options of the HTTP interface.

use std::fmt;
use std::time::Duration;

use domain::port::limiter::Limit;
use ipnet::IpNet;

/// How to serve HTTP.
#[derive(Clone, Debug)]
pub struct Options {
    /// Where to listen: an address, or a name that resolves to one.
    pub host: String,
    /// The port; 0 picks a free one.
    pub port: u16,
    /// Threads that serve requests.
    pub workers: usize,
    /// Concurrent connections in the whole process.
    pub max_connections: usize,
    /// How long a shutdown waits for requests in flight.
    pub shutdown: Duration,
    /// The public base URL, without a trailing slash. Without it, links use the host that the
    /// request was sent to.
    pub public_url: Option<String>,
    /// Proxies whose word on the client's address is trusted.
    pub trusted_proxies: Vec<IpNet>,
    /// Whether a proxy in front terminates TLS.
    pub tls_terminated: bool,
    /// The `max-age` of HSTS, which is sent if TLS is terminated in front.
    pub hsts: Duration,
    /// Which other origins may make requests.
    pub cors: Cors,
    /// How many frames a client may send on a WebSocket.
    pub frames: Limit,
    /// Makes a request's span the child of a remote one, where traces are exported.
    pub adopt: Option<Adopt>,
    /// The token for reading the metrics from other machines.
    pub metrics_token: Option<MetricsToken>,
}

/// Takes a span, and the request's `traceparent` and `tracestate` headers.
pub type Adopt = fn(&tracing::Span, &str, Option<&str>);

/// The token for reading the metrics from other machines.
#[derive(Clone)]
pub struct MetricsToken(String);

impl MetricsToken {
    /// Uses a text as the token.
    pub fn from_string(text: String) -> Self {
        Self(text)
    }

    /// Whether the token matches. How long the comparison takes does not reveal how much of it is
    /// right.
    pub(crate) fn is(&self, shown: &str) -> bool {
        let pairs = self.0.bytes().zip(shown.bytes());
        let different = pairs.fold(0, |different, (one, other)| different | (one ^ other));
        self.0.len() == shown.len() && different == 0
    }
}

/// Reveals nothing of the token.
impl fmt::Debug for MetricsToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[secret]")
    }
}

/// The web origins that may make requests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cors {
    /// Any, without cookies.
    Any,
    /// These, with cookies.
    Only(Vec<String>),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_itself_and_shows_nothing() {
        let token = MetricsToken::from_string("hunter2".to_owned());
        assert!(token.is("hunter2"));
        for other in ["", "hunter", "hunter22", "Hunter2"] {
            assert!(!token.is(other), "{other}");
        }
        assert_eq!(format!("{token:?}"), "[secret]");
    }
}
