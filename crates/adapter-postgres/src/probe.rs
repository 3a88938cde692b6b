//! The port `Probe`.

use crate::prelude::*;
use async_trait::async_trait;
use domain::Failure;
use domain::port::Probe;

use crate::PostgresStore;
use crate::failure::Call;
use crate::schema::meta;

const CALL: Call = Call {
    port: "store",
    action: "answer",
};

#[async_trait]
impl Probe for PostgresStore {
    fn name(&self) -> &'static str {
        CALL.port
    }

    /// Locks a row, which a read-only standby refuses: nothing can be stored there.
    async fn check(&self) -> Result<(), Failure> {
        self.change(CALL, async |db| {
            meta::table
                .find("epoch")
                .select(meta::key)
                .for_key_share()
                .first::<String>(db)
                .await?;
            Ok(())
        })
        .await
    }
}
