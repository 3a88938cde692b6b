//! The port `Profiles`.

use async_trait::async_trait;
use domain::port::Profiles;
use domain::{Failure, ProfileDocument, UserId};
use mongodb::bson::{RawDocumentBuf, doc};

use crate::MongoStore;
use crate::failure::is_duplicate;
use crate::rows::{key, profile, profile_row};

const PORT: &str = "profiles";

#[async_trait]
impl Profiles for MongoStore {
    async fn find(&self, user: UserId) -> Result<Option<ProfileDocument>, Failure> {
        self.ask(PORT, "find", async {
            let profiles = &self.collections().await?.profiles;
            let profiles = profiles.clone_with_type::<RawDocumentBuf>();
            let found = profiles.find_one(doc! { "_id": key(user) }).await?;
            found.map(|raw| profile(user, &raw)).transpose()
        })
        .await
    }

    async fn put(&self, user: UserId, document: &ProfileDocument) -> Result<(), Failure> {
        self.ask(PORT, "put", async {
            let profiles = &self.collections().await?.profiles;
            let row = profile_row(user, document);
            let put = || {
                profiles
                    .replace_one(doc! { "_id": key(user) }, &row)
                    .upsert(true)
            };
            match put().await {
                // Somebody else's first one came between looking and storing: now there is one.
                Err(error) if is_duplicate(&error) => put().await?,
                done => done?,
            };
            Ok(())
        })
        .await
    }

    async fn erase(&self, user: UserId) -> Result<(), Failure> {
        self.ask(PORT, "erase", async {
            let profiles = &self.collections().await?.profiles;
            profiles.delete_one(doc! { "_id": key(user) }).await?;
            Ok(())
        })
        .await
    }
}
