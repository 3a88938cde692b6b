//! The port `Probe`.

use async_trait::async_trait;
use diesel::prelude::*;
use domain::Failure;
use domain::port::Probe;

use crate::SqliteStore;
use crate::schema::meta;

const PORT: &str = "store";

#[async_trait]
impl Probe for SqliteStore {
    fn name(&self) -> &'static str {
        PORT
    }

    /// Takes the write lock and reads. Nothing changes, so the disk is not waited for.
    async fn check(&self) -> Result<(), Failure> {
        self.write(PORT, "answer", |db| {
            meta::table.select(meta::key).first::<String>(db)?;
            Ok(())
        })
        .await
    }
}
