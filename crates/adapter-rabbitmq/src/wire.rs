//! The connection, opened when needed and reopened after a failure.

use std::sync::Arc;
use std::time::Duration;

use lapin::uri::AMQPUri;
use lapin::{Channel, Connection, ConnectionProperties};
use tokio::sync::Mutex;
use tokio::time::{Instant, timeout};

use crate::failure::Broken;
use crate::names::Names;
use crate::options::Options;
use crate::topology;

/// How long RabbitMQ may take to answer.
pub(crate) const PATIENCE: Duration = Duration::from_secs(10);
/// For how long after a failed attempt to connect further calls fail at once.
const REST: Duration = Duration::from_millis(250);
/// Seconds between heartbeats, unless the address says otherwise: an unreachable server is noticed
/// after two of them.
const HEARTBEAT: u16 = 10;

/// A shared connection.
pub(crate) struct Wire {
    uri: AMQPUri,
    pub(crate) names: Names,
    pub(crate) options: Options,
    /// Locked while connecting, so that concurrent callers share the result.
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    open: Option<Arc<Connection>>,
    failed: Option<Instant>,
}

impl Wire {
    pub(crate) fn new(mut uri: AMQPUri, options: Options) -> Self {
        uri.query.heartbeat.get_or_insert(HEARTBEAT);
        Self {
            uri,
            names: Names::new(&options.prefix),
            options,
            state: Mutex::default(),
        }
    }

    /// A new channel.
    pub(crate) async fn channel(&self) -> Result<Channel, Broken> {
        let connection = self.connection().await?;
        in_time(connection.create_channel()).await
    }

    /// Closes the connection. A later call opens a new one.
    pub(crate) async fn close(&self) {
        if let Some(connection) = self.state.lock().await.open.take() {
            // A peer that is already gone needs no goodbye.
            drop(in_time(connection.close(200, "goodbye".into())).await);
        }
    }

    async fn connection(&self) -> Result<Arc<Connection>, Broken> {
        let mut state = self.state.lock().await;
        if let Some(open) = &state.open
            && open.status().connected()
        {
            return Ok(Arc::clone(open));
        }
        state.open = None;
        if state.failed.is_some_and(|then| then.elapsed() < REST) {
            return Err(Broken::Slow);
        }
        match self.connect().await {
            Ok(connection) => {
                let connection = Arc::new(connection);
                state.open = Some(Arc::clone(&connection));
                state.failed = None;
                Ok(connection)
            }
            Err(broken) => {
                state.failed = Some(Instant::now());
                Err(broken)
            }
        }
    }

    async fn connect(&self) -> Result<Connection, Broken> {
        let properties = ConnectionProperties::default().with_connection_name("tertulia".into());
        let connection = in_time(Connection::connect_uri(self.uri.clone(), properties)).await?;
        let channel = in_time(connection.create_channel()).await?;
        in_time(topology::declare(&channel, &self.names, &self.options)).await?;
        in_time(channel.close(200, "declared".into())).await?;
        Ok(connection)
    }
}

pub(crate) async fn in_time<T>(
    answer: impl Future<Output = lapin::Result<T>>,
) -> Result<T, Broken> {
    match timeout(PATIENCE, answer).await {
        Ok(answer) => Ok(answer?),
        Err(_elapsed) => Err(Broken::Slow),
    }
}
