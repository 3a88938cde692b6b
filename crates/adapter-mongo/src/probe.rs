//! The port `Probe`.

use async_trait::async_trait;
use domain::Failure;
use domain::port::Probe;
use mongodb::bson::{Bson, Uuid, doc};

use crate::MongoStore;

const PORT: &str = "sessions";

#[async_trait]
impl Probe for MongoStore {
    fn name(&self) -> &'static str {
        PORT
    }

    /// An update that matches nothing. Only a primary answers it, and only once a majority has
    /// everything that came before it.
    async fn check(&self) -> Result<(), Failure> {
        self.ask(PORT, "answer", async {
            let nobody = Uuid::from_bytes([0; 16]);
            let sessions = &self.collections().await?.sessions;
            let nothing = doc! { "_id": nobody, "user": nobody, "ended_at": Bson::Null };
            let change = doc! { "$unset": { "ended_at": "" } };
            sessions.update_one(nothing, change).await?;
            Ok(())
        })
        .await
    }
}
