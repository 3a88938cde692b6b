//! Migrating the database.

use std::io::{self, Write as _};
use std::process::ExitCode;

use adapter_postgres::PostgresStore;
use adapter_sqlite::SqliteStore;
use anyhow::{Context as _, bail};

use crate::server::runtime;
use crate::settings::{Settings, Store};

/// Applies pending migrations, and prints their names.
pub(super) fn run(settings: &Settings) -> anyhow::Result<ExitCode> {
    let (shown, applied) = match settings.store() {
        Store::Sqlite(path) => (path.display().to_string(), SqliteStore::migrate(&path)?),
        Store::Postgres(url) => {
            let applied = runtime()?.block_on(PostgresStore::migrate(url.expose()))?;
            ("the database".to_owned(), applied)
        }
        Store::Memory => bail!("storage.memory is set: there is no database to bring up to date"),
    };
    let mut out = io::stdout();
    for name in &applied {
        writeln!(out, "applied {name}").context("standard output is closed")?;
    }
    writeln!(out, "{shown} is up to date").context("standard output is closed")?;
    Ok(ExitCode::SUCCESS)
}
