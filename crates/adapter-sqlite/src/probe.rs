//! The port `Probe`.

use async_trait::async_trait;
use diesel::prelude::*;
use domain::Failure;
use domain::port::Probe;

use crate::SqliteStore;
use crate::failure::Broken;
use crate::schema::meta;

const PORT: &str = "store";
/// The key that the probe writes.
const SOMETHING: &str = "probe";

#[async_trait]
impl Probe for SqliteStore {
    fn name(&self) -> &'static str {
        PORT
    }

    /// Takes the write lock and reads. Nothing changes, so the disk is not waited for; but after a
    /// failed change, as on a full disk, something is written to find out whether that works again.
    async fn check(&self) -> Result<(), Failure> {
        if self.is_in_doubt() {
            self.write(PORT, "write something", write_something).await?;
            self.write(PORT, "remove it", remove_it).await?;
            self.trust();
            return Ok(());
        }
        self.write(PORT, "answer", |db| {
            meta::table.select(meta::key).first::<String>(db)?;
            Ok(())
        })
        .await
    }
}

/// As much as a few long messages take: a full disk still accepts a little where a larger change has
/// just been rolled back.
fn write_something(db: &mut SqliteConnection) -> Result<(), Broken> {
    diesel::replace_into(meta::table)
        .values((meta::key.eq(SOMETHING), meta::value.eq("-".repeat(1 << 16))))
        .execute(db)?;
    Ok(())
}

fn remove_it(db: &mut SqliteConnection) -> Result<(), Broken> {
    diesel::delete(meta::table.find(SOMETHING)).execute(db)?;
    Ok(())
}
