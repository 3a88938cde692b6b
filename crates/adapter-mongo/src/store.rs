//! The store as a whole: made, asked, closed.

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

/// The database, where the address names none.
const DATABASE: &str = "tertulia";

/// How much a store takes on.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// How long a call may take in all, waiting for a server and a connection included.
    pub patience: Duration,
    /// Calls that may be under way or wait for a connection; further ones are refused as overloaded.
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
/// Made without a server: it is looked for when first asked, and again by every later call until it
/// is there. Cloning shares the connections.
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
    /// Reads an address, `mongodb://…` or `mongodb+srv://…`, and reaches for nobody.
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

    /// Lets go of all connections. What is asked later fails.
    pub async fn close(&self) {
        self.link.places.close();
        if let Some(client) = self.link.client.get() {
            let farewell = client.clone().shutdown().immediate(true).into_future();
            // What a server that hangs is not told, it finds out by itself.
            timeout(self.link.patience, farewell).await.ok();
        }
    }

    /// Does work that ends in time, whatever the server does: the driver waits for an answer as long
    /// as its connection stands.
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

    /// The collections, once their indexes are known to be there. However many ask at first, one
    /// looks after the indexes; when that one fails or goes away, the next does.
    pub(crate) async fn collections(&self) -> Result<&Collections, Broken> {
        let prepare = || async {
            let client = self.client().await?;
            let name = self.link.address.default_database.as_deref();
            let name = name.unwrap_or(DATABASE);
            let collections = Collections::of(&client.database(name));
            collections.index().await?;
            tracing::info!(database = name, "the indexes of sessions are in place");
            Ok(collections)
        };
        self.link.collections.get_or_try_init(prepare).await
    }

    async fn client(&self) -> Result<&Client, Broken> {
        let Link {
            address, patience, ..
        } = self.link.as_ref();
        // Of a call's time, so that the reason for a failure is known before the call is given up.
        let patience = patience.mul_f32(0.8);
        let connect = || async { Ok(connection::client(address, patience).await?) };
        self.link.client.get_or_try_init(connect).await
    }
}
