//! Checks for commands about a user's account.

use anyhow::bail;

use crate::settings::{Settings, Store};

/// Fails if there can be no accounts. Opening a database that does not exist would create it, with
/// a data folder around it, in whatever folder the command was run.
pub(super) fn need_accounts(settings: &Settings) -> anyhow::Result<()> {
    match settings.store() {
        Store::Memory => bail!("storage.memory is set: no accounts are stored"),
        Store::Sqlite(file) if !file.exists() => bail!(
            "there is no database {}: call this in the folder of the server, or set DATA_DIR to its data \
             folder",
            file.display()
        ),
        Store::Sqlite(_) | Store::Postgres(_) => Ok(()),
    }
}
