//! Telling the database that it came back from a backup.

use std::io::{self, Write as _};
use std::process::ExitCode;
use std::sync::Arc;

use adapter_memory::{RandomIds, SystemClock};
use adapter_sqlite::SqliteStore;
use anyhow::{Context as _, bail};
use domain::Epoch;
use domain::port::Ids as _;

use crate::settings::{Settings, Store};

/// Gives the database another epoch, upon which clients read everything anew.
pub(super) fn run(settings: &Settings) -> anyhow::Result<ExitCode> {
    let path = match settings.store() {
        Store::Sqlite(path) => path,
        Store::Memory => bail!("storage.memory is set: there is no database that came back"),
        Store::Postgres(_) => bail!("this build has no Postgres adapter yet"),
    };
    let shown = path.display();
    if !path.exists() {
        bail!("there is no database {shown}: put the backup there first");
    }
    let ids = RandomIds::new(Arc::new(SystemClock));
    let epoch = Epoch::parse(ids.uuid().to_string())?;
    SqliteStore::renew(&path, &epoch)?;
    writeln!(
        io::stdout(),
        "{shown} has a new epoch: clients forget what they counted and read it anew"
    )
    .context("standard output is closed")?;
    Ok(ExitCode::SUCCESS)
}
