//! The migrations, compiled in, and which of them a database has seen.

use std::time::Duration;

use crate::prelude::*;
use diesel::connection::SimpleConnection;
use diesel::migration::{Migration, MigrationSource as _};
use diesel::pg::Pg;
use diesel::sql_types::{BigInt, Bool, Text};
use diesel_async::async_connection_wrapper::AsyncConnectionWrapper;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness as _, embed_migrations};
use domain::BoxError;
use tokio::task::spawn_blocking;
use tokio::time::sleep;

use crate::OpenError;
use crate::connection::Connector;

const KNOWN: EmbeddedMigrations = embed_migrations!("../../migrations/postgres");

/// The advisory lock under which the schema changes, so that only one of several servers migrates and
/// the others find it done.
const LOCK: i64 = 0x7465_7274_756c_6961;

/// How often a waiting server retries the lock.
const AGAIN: Duration = Duration::from_millis(250);

/// Version 15, in Postgres' numbering.
const OLDEST: i64 = 150_000;

diesel::table! {
    /// Diesel's table of applied migrations.
    __diesel_schema_migrations (version) {
        version -> Text,
    }
}

/// Applies the pending migrations, each in a transaction unless it opts out, and returns their names.
pub(crate) async fn apply(connector: &Connector) -> Result<Vec<String>, OpenError> {
    let mut db = connect(connector).await?;
    let pending = missing(&mut db).await?;
    if pending.is_empty() {
        return Ok(pending);
    }
    wait_for_turn(&mut db).await.map_err(OpenError::failed)?;
    let pending = missing(&mut db).await?;
    if !pending.is_empty() {
        run(db).await?;
    }
    Ok(pending)
}

/// Takes the lock, which is released with the connection, however this ends. It polls, because a
/// blocking statement would itself be waited for by a concurrent index build.
async fn wait_for_turn(db: &mut AsyncPgConnection) -> QueryResult<()> {
    let mut waiting = false;
    while !turn(db).await? {
        if !waiting {
            waiting = true;
            tracing::info!("another server is migrating the database; waiting for it");
        }
        sleep(AGAIN).await;
    }
    Ok(())
}

async fn turn(db: &mut AsyncPgConnection) -> QueryResult<bool> {
    let taken = format!("SELECT pg_try_advisory_lock({LOCK})");
    diesel::dsl::sql::<Bool>(&taken).get_result(db).await
}

/// Lists the pending migrations. Changes nothing, and refuses a database that has seen migrations
/// unknown to this program, or that belongs to another program.
pub(crate) async fn pending(connector: &Connector) -> Result<Vec<String>, OpenError> {
    missing(&mut connect(connector).await?).await
}

async fn connect(connector: &Connector) -> Result<AsyncPgConnection, OpenError> {
    let mut db = connector
        .connect_patiently()
        .await
        .map_err(OpenError::unreachable)?;
    let (number, name) = version(&mut db).await.map_err(OpenError::failed)?;
    if number < OLDEST {
        return Err(OpenError::Old { found: name });
    }
    Ok(db)
}

async fn version(db: &mut AsyncPgConnection) -> QueryResult<(i64, String)> {
    let number = diesel::dsl::sql::<BigInt>("SELECT current_setting('server_version_num')::bigint");
    let name = diesel::dsl::sql::<Text>("SELECT current_setting('server_version')");
    Ok((number.get_result(db).await?, name.get_result(db).await?))
}

/// Diesel's migration runner blocks on each statement, so it gets a thread of its own.
async fn run(db: AsyncPgConnection) -> Result<(), OpenError> {
    let running = spawn_blocking(move || {
        let mut db: AsyncConnectionWrapper<AsyncPgConnection> = db.into();
        for step in db.pending_migrations(KNOWN)? {
            SimpleConnection::batch_execute(&mut db, patience(step.as_ref()))?;
            db.run_migration(&step)?;
        }
        Ok::<(), BoxError>(())
    });
    running
        .await
        .map_err(OpenError::failed)?
        .map_err(OpenError::failed)
}

/// A migration that waits for a table lock makes every other statement queue behind it, so it gives up
/// soon. One outside a transaction builds an index concurrently, and blocks nobody while it waits.
fn patience(step: &dyn Migration<Pg>) -> &'static str {
    if step.metadata().run_in_transaction() {
        "SET lock_timeout = '5s'"
    } else {
        "SET lock_timeout = 0"
    }
}

async fn missing(db: &mut AsyncPgConnection) -> Result<Vec<String>, OpenError> {
    let known = known()?;
    let seen = seen(db).await.map_err(OpenError::failed)?;
    let Some(seen) = seen else {
        return Err(OpenError::Foreign);
    };
    let unknown: Vec<String> = seen
        .iter()
        .filter(|version| !known.iter().any(|(number, _)| number == *version))
        .cloned()
        .collect();
    if !unknown.is_empty() {
        return Err(OpenError::Newer { unknown });
    }
    let missing = known
        .into_iter()
        .filter(|(number, _)| !seen.contains(number));
    Ok(missing.map(|(_, name)| name).collect())
}

/// All migrations, by version and name.
fn known() -> Result<Vec<(String, String)>, OpenError> {
    let steps: Vec<Box<dyn Migration<Pg>>> = KNOWN.migrations().map_err(OpenError::failed)?;
    let mut steps: Vec<(String, String)> = steps
        .iter()
        .map(|step| (step.name().version().to_string(), step.name().to_string()))
        .collect();
    steps.sort();
    Ok(steps)
}

/// The versions that the database has seen; `None` if its tables are not ours.
async fn seen(db: &mut AsyncPgConnection) -> QueryResult<Option<Vec<String>>> {
    // One statement, because another server may be creating the tables right now.
    const STATE: &str = "SELECT to_regclass('__diesel_schema_migrations') IS NOT NULL, \
         EXISTS (SELECT FROM pg_class \
             WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r')";
    let (ours, anything): (bool, bool) = diesel::dsl::sql::<(Bool, Bool)>(STATE)
        .get_result(db)
        .await?;
    if ours {
        let seen = __diesel_schema_migrations::table
            .select(__diesel_schema_migrations::version)
            .load(db)
            .await?;
        return Ok(Some(seen));
    }
    Ok((!anything).then(Vec::new))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_steps_have_numbers_that_rise() {
        let known = known().unwrap();
        let numbers: Vec<&str> = known.iter().map(|(number, _)| number.as_str()).collect();
        assert!(
            numbers.is_sorted() && numbers.starts_with(&["0001"]),
            "{known:?}"
        );
    }
}
