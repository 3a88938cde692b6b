//! The store as a whole: creating it, running calls on it, closing it.

use std::sync::Arc;
use std::time::Duration;

use domain::Failure;
use mongodb::Client;
use mongodb::options::ConnectionString;
use tokio::sync::{OnceCell, Semaphore, SemaphorePermit, TryAcquireError};
use tokio::time::timeout;

use crate::collections::Collections;
use crate::connection;
use crate::failure::{Broken, Call};
use crate::open_error::OpenError;

/// The database, unless the address names one.
const DATABASE: &str = "tertulia";

/// The limits of a store.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// How long a call may take in total, including the wait for a server and a connection.
    pub patience: Duration,
    /// Calls that may be in progress or wait for a connection; further ones are refused as overloaded.
    pub calls: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            patience: Duration::from_millis(2_500),
            calls: 1024,
        }
    }
}

/// Sessions, refresh tokens and profiles, in one database of MongoDB.
///
/// Created without a server: the first call connects, and so does every later one until that succeeds.
/// Clones share the connections.
#[derive(Clone)]
pub struct MongoStore {
    link: Arc<Link>,
}

struct Link {
    address: ConnectionString,
    patience: Duration,
    places: Semaphore,
    client: OnceCell<Client>,
    collections: OnceCell<Collections>,
}

impl MongoStore {
    /// Parses an address, `mongodb://…` or `mongodb+srv://…`, without connecting.
    pub fn new(url: &str, options: Options) -> Result<Self, OpenError> {
        let address = connection::address(url).map_err(|error| OpenError::of(url, &error))?;
        let link = Link {
            address,
            patience: options.patience,
            places: Semaphore::new(options.calls.min(Semaphore::MAX_PERMITS)),
            client: OnceCell::new(),
            collections: OnceCell::new(),
        };
        Ok(Self {
            link: Arc::new(link),
        })
    }

    /// Closes all connections. Later calls fail.
    pub async fn close(&self) {
        self.link.places.close();
        if let Some(client) = self.link.client.get() {
            let farewell = client.clone().shutdown().immediate(true).into_future();
            // A server that hangs will notice the closed connections by itself.
            timeout(self.link.patience, farewell).await.ok();
        }
    }

    /// Runs work with a timeout, whatever the server does: the driver waits for an answer as long as
    /// its connection is open.
    #[tracing::instrument(
        skip_all,
        name = "store",
        fields(
            otel.name = format!("mongodb {}.{}", port, action),
            otel.kind = "client",
            db.system.name = "mongodb",
        )
    )]
    pub(crate) async fn ask<T>(
        &self,
        port: &'static str,
        action: &'static str,
        work: impl Future<Output = Result<T, Broken>> + Send,
    ) -> Result<T, Failure> {
        let call = Call { port, action };
        let answer = async {
            let _place = self.place()?;
            timeout(self.link.patience, work)
                .await
                .unwrap_or(Err(Broken::Late))
        };
        answer.await.map_err(|broken| broken.into_failure(call))
    }

    fn place(&self) -> Result<SemaphorePermit<'_>, Broken> {
        self.link.places.try_acquire().map_err(|none| match none {
            TryAcquireError::NoPermits => Broken::Full,
            TryAcquireError::Closed => Broken::Closed,
        })
    }

    /// The collections, once their indexes are known to exist. Of several concurrent first calls one
    /// creates the indexes; if it fails or is cancelled, the next one does.
    pub(crate) async fn collections(&self) -> Result<&Collections, Broken> {
        let prepare = || async {
            let client = self.client().await?;
            let name = self.link.address.default_database.as_deref();
            let name = name.unwrap_or(DATABASE);
            let collections = Collections::of(&client.database(name));
            collections.index().await?;
            tracing::info!(
                database = name,
                "the indexes of the session collections exist"
            );
            Ok(collections)
        };
        self.link.collections.get_or_try_init(prepare).await
    }

    async fn client(&self) -> Result<&Client, Broken> {
        let Link {
            address, patience, ..
        } = self.link.as_ref();
        // Less than a call's own timeout, so that the reason for a failure is known before the call is
        // given up.
        let patience = patience.mul_f32(0.8);
        let connect = || async { Ok(connection::client(address, patience).await?) };
        self.link.client.get_or_try_init(connect).await
    }
}
