//! Bringing the database up to date.

use std::io::{self, Write as _};
use std::process::ExitCode;

use adapter_sqlite::SqliteStore;
use anyhow::{Context as _, bail};

use crate::settings::{Settings, Store};

/// Applies what the database has not seen, and says what that was.
pub(super) fn run(settings: &Settings) -> anyhow::Result<ExitCode> {
    let path = match settings.store() {
        Store::Sqlite(path) => path,
        Store::Memory => bail!("storage.memory is set: there is no database to bring up to date"),
        Store::Postgres(_) => bail!("this build has no Postgres adapter yet"),
    };
    let applied = SqliteStore::migrate(&path)?;
    let mut out = io::stdout();
    for name in &applied {
        writeln!(out, "applied {name}").context("standard output is closed")?;
    }
    writeln!(out, "{} is up to date", path.display()).context("standard output is closed")?;
    Ok(ExitCode::SUCCESS)
}
