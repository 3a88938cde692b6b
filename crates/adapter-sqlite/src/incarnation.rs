//! A new epoch for a database that was restored from a backup.

use std::path::Path;

use diesel::prelude::*;
use domain::Epoch;

use crate::SqliteStore;
use crate::connection::{Mode, Seat};
use crate::migrations;
use crate::open_error::OpenError;
use crate::place;
use crate::schema::meta;

impl SqliteStore {
    /// Brings a database up to date and gives it another epoch. Blocks.
    ///
    /// For one restored from a backup: clients have seen revs that the backup does not have, and that
    /// will be assigned again to something else. A new epoch makes clients discard them.
    pub fn renew(path: impl AsRef<Path>, epoch: &Epoch) -> Result<(), OpenError> {
        let path = place::whole(path.as_ref())?;
        let _hold = place::take(&path)?;
        let mut seat = Seat::open(&path, Mode::Write)
            .map_err(|error| OpenError::from_connection(&path, error))?;
        migrations::apply(&mut seat.connection, &path)?;
        diesel::update(meta::table.find("epoch"))
            .set(meta::value.eq(epoch.as_str()))
            .execute(&mut seat.connection)
            .map(drop)
            .map_err(|error| OpenError::from_diesel(&path, error))
    }
}
