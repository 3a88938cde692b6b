//! Marking the database as restored from a backup.

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

/// Gives the database a new epoch, whereupon clients discard their state and read it anew.
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
        Store::Memory => bail!("storage.memory is set: there is no database to restore"),
    };
    writeln!(
        io::stdout(),
        "{shown} has a new epoch: clients discard their state and read it anew"
    )
    .context("standard output is closed")?;
    Ok(ExitCode::SUCCESS)
}
