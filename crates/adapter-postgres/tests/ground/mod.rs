//! A database of a test's own on the shared server, gone when the test is over.

use adapter_postgres::{Options, PostgresStore};
use diesel_async::{AsyncConnection as _, AsyncPgConnection, SimpleAsyncConnection as _};
use tokio::runtime::Builder;
use uuid::Uuid;

/// A database.
pub(crate) struct Ground {
    name: String,
}

impl Ground {
    /// An empty one.
    pub(crate) async fn new() -> Self {
        let name = format!("test_{}", Uuid::now_v7().simple());
        administer(&format!("CREATE DATABASE {name}")).await;
        Self { name }
    }

    /// Where it is.
    pub(crate) fn url(&self) -> String {
        let mut url = servers::postgres_url();
        let end = url.rfind('/').unwrap();
        url.truncate(end + 1);
        url + &self.name
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

impl Drop for Ground {
    fn drop(&mut self) {
        // The test's own runtime may be about to end.
        let drop = format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name);
        let dropping = std::thread::spawn(move || {
            let runtime = Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(administer(&drop));
        });
        dropping.join().unwrap();
    }
}

async fn administer(sql: &str) {
    let mut db = AsyncPgConnection::establish(&servers::postgres_url())
        .await
        .unwrap();
    db.batch_execute(sql).await.unwrap();
}
