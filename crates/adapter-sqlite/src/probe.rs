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

    /// Takes the write lock and reads. Nothing changes, so the disk is not waited for; but after a
    /// change has failed, as on a full disk, something is written to see whether that works again.
    async fn check(&self) -> Result<(), Failure> {
        let in_doubt = self.is_in_doubt();
        self.write(PORT, "answer", move |db| {
            if in_doubt {
                diesel::update(meta::table.find("epoch"))
                    .set(meta::value.eq(meta::value))
                    .execute(db)?;
            } else {
                meta::table.select(meta::key).first::<String>(db)?;
            }
            Ok(())
        })
        .await?;
        if in_doubt {
            self.trust();
        }
        Ok(())
    }
}
