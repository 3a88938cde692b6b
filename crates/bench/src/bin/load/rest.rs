//! Blocking REST calls, through the client library.

use std::net::SocketAddr;

use tertulia_client::Server;
use tokio::runtime::{Builder, Runtime};

/// A server, and the runtime on which requests to it run.
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

    /// Blocks until the response has arrived.
    pub(crate) fn wait<T>(&self, answer: impl Future<Output = T>) -> T {
        self.runtime.block_on(answer)
    }
}
