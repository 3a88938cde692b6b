//! A world's own databases on the servers that all tests share.

use std::thread;

use tokio::runtime::Builder;
use tokio_postgres::NoTls;
use uuid::Uuid;

/// A database in PostgreSQL and one in MongoDB, which are dropped with the world, and a prefix in Redis,
/// where everything expires by itself.
pub struct Backends {
    name: String,
}

impl Backends {
    /// Creates empty ones.
    #[expect(
        clippy::disallowed_methods,
        reason = "a name that no other test has, and nobody asserts"
    )]
    pub fn empty() -> Self {
        let name = format!("world_{}", Uuid::now_v7().simple());
        let create = format!("CREATE DATABASE {name}");
        assert!(done(async move { administer(&create).await }));
        Self { name }
    }

    /// The settings with which a server uses them.
    pub fn settings(&self) -> [(&'static str, String); 4] {
        [
            ("DATABASE_URL", named(&servers::postgres_url(), &self.name)),
            ("MONGODB_URL", named(&servers::mongodb_url(), &self.name)),
            ("REDIS_URL", servers::redis_url()),
            ("TERTULIA_REDIS__PREFIX", self.name.clone()),
        ]
    }
}

impl Drop for Backends {
    fn drop(&mut self) {
        let name = self.name.clone();
        let dropped = done(async move {
            // The server of a failed test may still be running.
            administer(&format!("DROP DATABASE {name} WITH (FORCE)")).await;
            let mongo = mongodb::Client::with_uri_str(servers::mongodb_url())
                .await
                .unwrap();
            mongo.database(&name).drop().await.unwrap();
        });
        // This must not hide why a test has already failed.
        assert!(
            dropped || thread::panicking(),
            "what a world left is removed"
        );
    }
}

async fn administer(sql: &str) {
    let (client, connection) = tokio_postgres::connect(&servers::postgres_url(), NoTls)
        .await
        .unwrap();
    let (said, ended) = tokio::join!(
        async move {
            // Dropping it ends the connection.
            let client = client;
            client.batch_execute(sql).await
        },
        connection
    );
    said.unwrap();
    ended.unwrap();
}

/// Runs the work in a separate thread, because this one may already be inside a runtime.
fn done(work: impl Future<Output = ()> + Send + 'static) -> bool {
    let worker = thread::spawn(|| {
        Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap()
            .block_on(work);
    });
    worker.join().is_ok()
}

/// The address of another database on the same server.
fn named(url: &str, database: &str) -> String {
    let (address, options) = url.split_once('?').unwrap_or((url, ""));
    let (server, _) = address.rsplit_once('/').unwrap();
    let options = if options.is_empty() {
        String::new()
    } else {
        format!("?{options}")
    };
    format!("{server}/{database}{options}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_database_changes() {
        for (url, expected) in [
            ("postgres://a@b:1/postgres", "postgres://a@b:1/x"),
            (
                "mongodb://b:1/?directConnection=true",
                "mongodb://b:1/x?directConnection=true",
            ),
            ("mongodb://u:p@b/y?a=/&b=c", "mongodb://u:p@b/x?a=/&b=c"),
        ] {
            assert_eq!(named(url, "x"), expected);
        }
    }
}
