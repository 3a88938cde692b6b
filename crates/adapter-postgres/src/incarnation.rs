//! A new epoch for a database that was restored from a backup.

use crate::prelude::*;
use domain::Epoch;

use crate::connection::Connector;
use crate::schema::meta;
use crate::{OpenError, PostgresStore, migrations};

impl PostgresStore {
    /// Brings a database up to date and gives it another epoch.
    ///
    /// For one restored from a backup: clients have seen revs that the backup does not have, and that
    /// will be assigned again to something else. A new epoch makes clients discard them.
    pub async fn renew(url: &str, epoch: &Epoch) -> Result<(), OpenError> {
        let connector = Connector::new(url)?;
        migrations::apply(&connector).await?;
        let mut db = connector
            .connect_patiently()
            .await
            .map_err(OpenError::unreachable)?;
        diesel::update(meta::table.find("epoch"))
            .set(meta::value.eq(epoch.as_str()))
            .execute(&mut db)
            .await
            .map(drop)
            .map_err(OpenError::failed)
    }
}
