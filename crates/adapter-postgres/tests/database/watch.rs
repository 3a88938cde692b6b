//! Looking at a database from outside.

use diesel::sql_types::{BigInt, Bool, Text};
use diesel_async::{AsyncConnection as _, AsyncPgConnection, RunQueryDsl as _};

/// The locks that servers hold while they use a database.
const HOLDS: &str = "pg_locks WHERE locktype = 'advisory' AND objid = 1970039138 AND granted \
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";

/// Another program's connection.
pub(crate) async fn connect(url: &str) -> AsyncPgConnection {
    AsyncPgConnection::establish(url).await.unwrap()
}

/// How many connections others have.
pub(crate) async fn connections(url: &str) -> i64 {
    count(
        url,
        "pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()",
    )
    .await
}

/// How many servers hold the lock on the database.
pub(crate) async fn holders(url: &str) -> i64 {
    count(url, HOLDS).await
}

/// Kills the connections on which servers hold their locks.
pub(crate) async fn lose_holds(url: &str) {
    let end = format!("SELECT bool_and(pg_terminate_backend(pid, 5000)) FROM {HOLDS}");
    let ended = diesel::dsl::sql::<Bool>(&end);
    let ended: bool = ended.get_result(&mut connect(url).await).await.unwrap();
    assert!(ended);
}

/// The database's epoch.
pub(crate) async fn epoch(url: &str) -> String {
    let epoch = diesel::dsl::sql::<Text>("SELECT value FROM meta WHERE key = 'epoch'");
    epoch.get_result(&mut connect(url).await).await.unwrap()
}

async fn count(url: &str, what: &str) -> i64 {
    let count = diesel::dsl::sql::<BigInt>(&format!("SELECT count(*) FROM {what}"));
    count.get_result(&mut connect(url).await).await.unwrap()
}
