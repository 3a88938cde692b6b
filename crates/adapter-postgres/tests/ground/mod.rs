//! A private database on the shared server, dropped at the end of the test.

use adapter_postgres::{Options, PostgresStore};
use diesel_async::{AsyncConnection as _, AsyncPgConnection, SimpleAsyncConnection as _};
use port_contracts::unique;
use tokio::runtime::Builder;

/// A database.
pub(crate) struct Ground {
    name: String,
}

impl Ground {
    /// Creates an empty one.
    pub(crate) async fn new() -> Self {
        let name = unique("test_");
        administer(&format!("CREATE DATABASE {name}")).await;
        Self { name }
    }

    /// Its URL.
    pub(crate) fn url(&self) -> String {
        url_of(&self.name)
    }

    /// A store on it, with few connections, because many tests run at once.
    pub(crate) async fn store(&self) -> PostgresStore {
        let options = Options {
            connections: 8,
            ..Options::default()
        };
        PostgresStore::open(&self.url(), options).await.unwrap()
    }
}

/// The URL of a database on the shared server.
pub(crate) fn url_of(name: &str) -> String {
    let mut url = servers::postgres_url();
    let end = url.rfind('/').unwrap();
    url.truncate(end + 1);
    url + name
}

impl Drop for Ground {
    fn drop(&mut self) {
        let drop = format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name);
        apart(async move { administer(&drop).await });
    }
}

/// Runs a future to completion on a thread of its own, because the test's runtime may be about to end.
pub(crate) fn apart<T: Send + 'static>(work: impl Future<Output = T> + Send + 'static) -> T {
    let working = std::thread::spawn(move || {
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(work)
    });
    working.join().unwrap()
}

async fn administer(sql: &str) {
    let mut db = AsyncPgConnection::establish(&servers::postgres_url())
        .await
        .unwrap();
    db.batch_execute(sql).await.unwrap();
}
