//! What whoever wires the program chooses about this door.

use std::time::Duration;

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
}

/// The web origins whose pages may call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cors {
    /// Any, without cookies.
    Any,
    /// These.
    Only(Vec<String>),
}
