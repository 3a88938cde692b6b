//! Commands about somebody who has an account.

use anyhow::bail;

use crate::settings::{Settings, Store};

/// Refuses where nobody can have one. Opening a database that is not there would make it, with a data
/// folder around it, in whatever folder the command was called.
pub(super) fn need_accounts(settings: &Settings) -> anyhow::Result<()> {
    match settings.store() {
        Store::Memory => bail!("storage.memory is set: nothing is kept of anybody"),
        Store::Sqlite(file) if !file.exists() => bail!(
            "there is no database {}: call this in the folder of the server, or set DATA_DIR to its data \
             folder",
            file.display()
        ),
        Store::Sqlite(_) | Store::Postgres(_) => Ok(()),
    }
}
