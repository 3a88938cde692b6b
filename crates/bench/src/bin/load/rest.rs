//! REST by the client that other programs use, for a thread that waits for each answer.

use std::net::SocketAddr;

use tertulia_client::Server;
use tokio::runtime::{Builder, Runtime};

/// A server, and what drives the way to it.
pub(crate) struct Rest {
    runtime: Runtime,
    pub(crate) server: Server,
}

impl Rest {
    pub(crate) fn of(address: SocketAddr) -> anyhow::Result<Self> {
        Ok(Self {
            runtime: Builder::new_current_thread().enable_all().build()?,
            server: Server::at(&format!("http://{address}"))?,
        })
    }

    /// Waits for an answer.
    pub(crate) fn wait<T>(&self, answer: impl Future<Output = T>) -> T {
        self.runtime.block_on(answer)
    }
}
