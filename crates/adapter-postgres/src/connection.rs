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

/// Whatever the server's own defaults are. A commit that is not on the disk is none, which is what an
/// acknowledgement promises; who has set more than that, such as a standby's word, keeps it. The isolation
/// is what the locks in here are made for. A server whose client has gone finds out within a second, and
/// lets go of its locks. Every statement in here has an index to go by, and going through a table is what
/// a planner would choose only where it knows too little of it, such as how much it has grown. The same goes
/// for joins that gather all of a table first, instead of looking up each row.
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

/// How long a connection may take until it can be worked with. The driver's own limit ends where the
/// server's machine has answered, and behind it the server itself may stand still.
const GREETING: Duration = Duration::from_secs(10);

/// How long the database may take.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Patience {
    pub(crate) statement: Duration,
    pub(crate) lock: Duration,
}

/// Makes connections.
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

    /// A connection for work, which gives up when something takes too long.
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

    /// A connection whose statements take as long as they take.
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

/// An error with its causes, because the driver's own words are "db error" and no more.
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
