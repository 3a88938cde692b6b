//! Connections, and how each is set up.

use std::time::Duration;

use diesel::result::{ConnectionError, ConnectionResult};
use diesel_async::{AsyncConnection as _, AsyncPgConnection, SimpleAsyncConnection as _};
use tokio::time::timeout;
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::OpenError;
use crate::address::Address;
use crate::statements::Statements;
use crate::tls;

/// Set whatever the server's defaults are. A commit must be on disk, because that is what an
/// acknowledgement promises; a stronger `synchronous_commit`, such as waiting for a standby, is kept.
/// The locks in this crate assume this isolation level. A server notices within a second that its
/// client is gone, and releases its locks. Every statement in this crate has an index to use, and the
/// planner would choose a table scan only when its statistics are missing or stale. The same goes for
/// joins that first gather a whole table instead of looking up each row.
const EVERY: &str = "
    SELECT set_config('synchronous_commit', 'on', false)
        WHERE current_setting('synchronous_commit') = 'off';
    SET default_transaction_isolation = 'read committed';
    SET default_transaction_read_only = off;
    SET client_connection_check_interval = '1s';
    SET enable_seqscan = off;
    SET enable_hashjoin = off;
    SET enable_mergejoin = off;
    SET jit = off;
";

/// How long it may take until a connection is usable. The driver's own timeout covers only the TCP
/// connect; after that the server itself may hang.
const GREETING: Duration = Duration::from_secs(10);

/// Timeouts of a connection's statements.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Patience {
    pub(crate) statement: Duration,
    pub(crate) lock: Duration,
}

/// Opens connections.
#[derive(Clone)]
pub(crate) struct Connector {
    address: Address,
    tls: MakeRustlsConnect,
}

impl Connector {
    pub(crate) fn new(url: &str) -> Result<Self, OpenError> {
        let address = Address::parse(url)?;
        let tls = tls::connector(&address)?;
        Ok(Self { address, tls })
    }

    /// A connection for ordinary work, with timeouts.
    pub(crate) async fn connect(&self, patience: Patience) -> ConnectionResult<AsyncPgConnection> {
        let mut connection = self.connect_patiently().await?;
        let limits = format!(
            "SET statement_timeout = {}; SET lock_timeout = {}; \
             SET idle_in_transaction_session_timeout = {};",
            patience.statement.as_millis(),
            patience.lock.as_millis(),
            patience.statement.as_millis().saturating_mul(2),
        );
        connection
            .batch_execute(&limits)
            .await
            .map_err(ConnectionError::CouldntSetupConfiguration)?;
        Ok(connection)
    }

    /// A connection without statement timeouts.
    pub(crate) async fn connect_patiently(&self) -> ConnectionResult<AsyncPgConnection> {
        match timeout(GREETING, self.greet()).await {
            Ok(connected) => connected,
            Err(elapsed) => Err(ConnectionError::BadConnection(elapsed.to_string())),
        }
    }

    async fn greet(&self) -> ConnectionResult<AsyncPgConnection> {
        let (client, connection) = self
            .address
            .config
            .connect(self.tls.clone())
            .await
            .map_err(|error| ConnectionError::BadConnection(told(&error)))?;
        let mut connection =
            AsyncPgConnection::try_from_client_and_connection(client, connection).await?;
        connection.set_instrumentation(Statements::counted());
        connection
            .batch_execute(EVERY)
            .await
            .map_err(ConnectionError::CouldntSetupConfiguration)?;
        Ok(connection)
    }
}

/// An error with its causes, because the driver's own text is just "db error".
fn told(error: &tokio_postgres::Error) -> String {
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}
