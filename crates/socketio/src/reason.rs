//! Why a socket is gone.

use std::fmt;

/// Why a socket is gone, in the terms of Socket.IO.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reason {
    /// The client closed the session, or its connection was closed.
    TransportClose,
    /// The connection broke, or the client violated the protocol.
    TransportError,
    /// The client did not answer a ping.
    PingTimeout,
    /// The client sent something that is not a packet.
    ParseError,
    /// The client left the namespace.
    ClientDisconnect,
    /// The server removed the client from the namespace.
    ServerDisconnect,
    /// The server closed the session.
    ServerClose,
    /// The server is shutting down.
    ServerShutdown,
}

impl Reason {
    /// The term that Socket.IO uses.
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
