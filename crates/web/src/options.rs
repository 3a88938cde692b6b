//! What whoever wires the program chooses about this door.

use std::fmt;
use std::time::Duration;

use domain::port::limiter::Limit;
use ipnet::IpNet;

/// How to open the door.
#[derive(Clone, Debug)]
pub struct Options {
    /// Where to listen: an address, or a name that leads to one.
    pub host: String,
    /// On which port; 0 is any.
    pub port: u16,
    /// Threads that serve requests.
    pub workers: usize,
    /// Connections at once in the whole process.
    pub max_connections: usize,
    /// How long a shutdown waits for requests in flight.
    pub shutdown: Duration,
    /// Where people reach this server, without a slash at the end. Without it, the address that a
    /// request came to.
    pub public_url: Option<String>,
    /// Whose word on the client's address is taken.
    pub trusted_proxies: Vec<IpNet>,
    /// Whether something in front speaks TLS.
    pub tls_terminated: bool,
    /// For how long browsers shall insist on TLS, where it is spoken.
    pub hsts: Duration,
    /// Whose pages may call.
    pub cors: Cors,
    /// How many frames a socket's client may send.
    pub frames: Limit,
    /// Makes a request's span the child of one elsewhere, where spans are followed.
    pub adopt: Option<Adopt>,
    /// Who may read from elsewhere what was counted.
    pub metrics_token: Option<MetricsToken>,
}

/// Takes a span, and of the request that it is of the headers `traceparent` and `tracestate`.
pub type Adopt = fn(&tracing::Span, &str, Option<&str>);

/// What whoever reads the metrics from elsewhere has to show.
#[derive(Clone)]
pub struct MetricsToken(String);

impl MetricsToken {
    /// Takes a text as the token.
    pub fn from_string(text: String) -> Self {
        Self(text)
    }

    /// Whether this is it. How long it takes does not tell how much of it is right.
    pub(crate) fn is(&self, shown: &str) -> bool {
        let pairs = self.0.bytes().zip(shown.bytes());
        let different = pairs.fold(0, |different, (one, other)| different | (one ^ other));
        self.0.len() == shown.len() && different == 0
    }
}

/// Shows nothing of it.
impl fmt::Debug for MetricsToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[secret]")
    }
}

/// The web origins whose pages may call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cors {
    /// Any, without cookies.
    Any,
    /// These.
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
