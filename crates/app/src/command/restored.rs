//! Telling the database that it came back from a backup.

use std::io::{self, Write as _};
use std::process::ExitCode;
use std::sync::Arc;

use adapter_memory::{RandomIds, SystemClock};
use adapter_postgres::PostgresStore;
use adapter_sqlite::SqliteStore;
use anyhow::{Context as _, bail};
use domain::Epoch;
use domain::port::Ids as _;

use crate::server::runtime;
use crate::settings::{Settings, Store};

/// Gives the database another epoch, upon which clients read everything anew.
pub(super) fn run(settings: &Settings) -> anyhow::Result<ExitCode> {
    let ids = RandomIds::new(Arc::new(SystemClock));
    let epoch = Epoch::parse(ids.uuid().to_string())?;
    let shown = match settings.store() {
        Store::Sqlite(path) => {
            let shown = path.display().to_string();
            if !path.exists() {
                bail!("there is no database {shown}: put the backup there first");
            }
            SqliteStore::renew(&path, &epoch)?;
            shown
        }
        Store::Postgres(url) => {
            runtime()?.block_on(PostgresStore::renew(url.expose(), &epoch))?;
            "the database".to_owned()
        }
        Store::Memory => bail!("storage.memory is set: there is no database that came back"),
    };
    writeln!(
        io::stdout(),
        "{shown} has a new epoch: clients forget what they counted and read it anew"
    )
    .context("standard output is closed")?;
    Ok(ExitCode::SUCCESS)
}
