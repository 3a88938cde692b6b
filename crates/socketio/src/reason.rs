//! Why a socket is gone.

use std::fmt;

/// Why a socket is gone, in the words of Socket.IO.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reason {
    /// The client closed, or its connection did.
    TransportClose,
    /// The connection broke, or the client did with it what may not be done.
    TransportError,
    /// The client did not answer a ping.
    PingTimeout,
    /// What the client sent is no packet.
    ParseError,
    /// The client left the namespace.
    ClientDisconnect,
    /// The server bade it leave the namespace.
    ServerDisconnect,
    /// The server closed the session.
    ServerClose,
    /// The server stops.
    ServerShutdown,
}

impl Reason {
    /// The words of Socket.IO.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::TransportClose => "transport close",
            Self::TransportError => "transport error",
            Self::PingTimeout => "ping timeout",
            Self::ParseError => "parse error",
            Self::ClientDisconnect => "client namespace disconnect",
            Self::ServerDisconnect => "server namespace disconnect",
            Self::ServerClose => "forced server close",
            Self::ServerShutdown => "server shutting down",
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
