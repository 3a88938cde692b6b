//! Settings.

use std::time::Duration;

use actix_web::cookie::SameSite;

/// The settings of a server. The defaults are those of the protocol, where it has any.
#[derive(Clone, Debug)]
pub struct Options {
    /// How long after the last pong a client is pinged again.
    pub ping_interval: Duration,
    /// How long a client may take to answer a ping.
    pub ping_timeout: Duration,
    /// How long a client may take to move from polling to its WebSocket.
    pub upgrade_timeout: Duration,
    /// How long a session may have no socket: its client connected to no namespace, or has left all of
    /// them.
    pub connect_timeout: Duration,
    /// How long a closed session waits for its client to learn that it was closed.
    pub linger: Duration,
    /// The maximum size of a request or message from a client, in bytes.
    pub max_payload: usize,
    /// The maximum number of attachments of an event.
    pub max_attachments: usize,
    /// The maximum size of all attachments of an event together, in bytes.
    pub max_attached: usize,
    /// The maximum number of open sessions. Beyond it, requests to open one are answered with 503.
    pub max_sessions: usize,
    /// How many events may be queued for a socket's owner. While that queue is full, its client is not
    /// read.
    pub incoming_events: usize,
    /// How many answers a socket may wait for at once.
    pub pending_acks: usize,
    /// How much may be queued for a client.
    pub outgoing: Bounds,
    /// What happens to a client whose queue is full when a broadcast is sent to it.
    pub overflow: Overflow,
    /// Which pages may connect.
    pub cors: Cors,
    /// A cookie with the session's id, for proxies that route a client to the same node again.
    pub cookie: Option<Cookie>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            ping_interval: Duration::from_secs(25),
            ping_timeout: Duration::from_secs(20),
            upgrade_timeout: Duration::from_secs(10),
            connect_timeout: Duration::from_secs(45),
            linger: Duration::from_secs(3),
            max_payload: 128 * 1024,
            max_attachments: 16,
            max_attached: 1024 * 1024,
            max_sessions: 65_536,
            incoming_events: 64,
            pending_acks: 256,
            outgoing: Bounds::default(),
            overflow: Overflow::Drop,
            cors: Cors::default(),
            cookie: None,
        }
    }
}

/// How much may be queued.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// At most this many bytes.
    pub bytes: usize,
    /// At most this many frames.
    pub frames: usize,
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            bytes: 1024 * 1024,
            frames: 1024,
        }
    }
}

/// What happens to a client whose queue has no room for a broadcast.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Overflow {
    /// It misses this one.
    #[default]
    Drop,
    /// Its session is closed.
    Close,
}

/// Which pages may connect. Pages of the very host that they connect to always may, as may clients that
/// send no `Origin` header.
#[derive(Clone, Debug, Default)]
pub struct Cors {
    /// The origins of these pages.
    pub origins: Origins,
    /// Whether browsers may send cookies along.
    pub credentials: bool,
    /// The headers that a page may send. `None` allows all that it asks for.
    pub headers: Option<Vec<String>>,
    /// Whether something around the server, such as a middleware of the whole application, sets the
    /// headers for CORS. Then the server only rejects foreign pages, and no header is sent twice.
    pub told_elsewhere: bool,
}

/// Origins, such as `https://example.org`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origins {
    /// Any origin.
    Any,
    /// Only these.
    Only(Vec<String>),
}

impl Default for Origins {
    fn default() -> Self {
        Self::Only(Vec::new())
    }
}

/// A cookie with the session's id. Nothing is authenticated by it.
#[derive(Clone, Debug)]
pub struct Cookie {
    /// Its name.
    pub name: String,
    /// The path that it is limited to.
    pub path: String,
    /// Whether it is only sent over TLS.
    pub secure: bool,
    /// Whether it is hidden from scripts.
    pub http_only: bool,
    /// Whether it is sent along from other sites.
    pub same_site: SameSite,
}

impl Default for Cookie {
    fn default() -> Self {
        Self {
            name: "io".to_owned(),
            path: "/".to_owned(),
            secure: false,
            http_only: true,
            same_site: SameSite::Lax,
        }
    }
}
