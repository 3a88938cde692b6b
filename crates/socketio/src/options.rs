//! What may be set.

use std::time::Duration;

use actix_web::cookie::SameSite;

/// What may be set of a server. The defaults are those of the protocol, where it names any.
#[derive(Clone, Debug)]
pub struct Options {
    /// How long after the last pong a client is asked again whether it is there.
    pub ping_interval: Duration,
    /// How long it may take to answer.
    pub ping_timeout: Duration,
    /// How long a client may take to move from polling to its WebSocket.
    pub upgrade_timeout: Duration,
    /// How long a session may have no socket: a client that opens one and connects to no namespace, or
    /// that has left all of them.
    pub connect_timeout: Duration,
    /// How long a session that was closed may wait for its client to hear so.
    pub linger: Duration,
    /// How much a client may send in one request or one message.
    pub max_payload: usize,
    /// How many attachments an event may have.
    pub max_attachments: usize,
    /// How many bytes all attachments of an event may have.
    pub max_attached: usize,
    /// How many sessions there may be at once. One more is answered with 503.
    pub max_sessions: usize,
    /// How many events may wait for a socket's owner. As long as it is full, its client is not read.
    pub incoming_events: usize,
    /// How many answers a socket may wait for at once.
    pub pending_acks: usize,
    /// What may wait for a client.
    pub outgoing: Bounds,
    /// What becomes of a client for which there is no place when all of a room are told something.
    pub overflow: Overflow,
    /// Which pages may connect.
    pub cors: Cors,
    /// A cookie with the session's id, for proxies that send a client to the same node again.
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

/// How much may wait.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// So many bytes.
    pub bytes: usize,
    /// So many frames.
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

/// What becomes of a client that does not read what a room is told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Overflow {
    /// It misses this one.
    #[default]
    Drop,
    /// Its session is closed.
    Close,
}

/// Which pages may connect. Pages of the very host that they connect to always may, and so may what is no
/// browser and names no origin.
#[derive(Clone, Debug, Default)]
pub struct Cors {
    /// Of which origins.
    pub origins: Origins,
    /// Whether browsers may send cookies along.
    pub credentials: bool,
    /// Which headers a page may send. `None` allows those that it asks for.
    pub headers: Option<Vec<String>>,
    /// Whether something around the server tells browsers all of this, as a middleware does for a whole
    /// application. Then only foreign pages are kept out here, and no header is sent twice.
    pub told_elsewhere: bool,
}

/// Origins, such as `https://example.org`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origins {
    /// Whichever.
    Any,
    /// These.
    Only(Vec<String>),
}

impl Default for Origins {
    fn default() -> Self {
        Self::Only(Vec::new())
    }
}

/// A cookie that names the session. Nothing is believed because of it.
#[derive(Clone, Debug)]
pub struct Cookie {
    /// Its name.
    pub name: String,
    /// Under which path it is sent back.
    pub path: String,
    /// Whether it is sent over TLS alone.
    pub secure: bool,
    /// Whether it is kept from scripts.
    pub http_only: bool,
    /// Whether it is sent from other sites.
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
