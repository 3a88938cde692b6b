//! The port `Profiles`.

use async_trait::async_trait;
use domain::port::Profiles;
use domain::{Failure, ProfileDocument, UserId};
use futures::TryStreamExt as _;
use mongodb::bson::{RawDocumentBuf, doc};

use crate::MongoStore;
use crate::failure::is_duplicate;
use crate::rows::{key, profile, profile_row};

const PORT: &str = "profiles";

#[async_trait]
impl Profiles for MongoStore {
    async fn find(&self, users: &[UserId]) -> Result<Vec<(UserId, ProfileDocument)>, Failure> {
        if users.is_empty() {
            return Ok(Vec::new());
        }
        self.ask(PORT, "find", async {
            let profiles = &self.collections().await?.profiles;
            let profiles = profiles.clone_with_type::<RawDocumentBuf>();
            let asked: Vec<_> = users.iter().map(|user| key(*user)).collect();
            let found = profiles.find(doc! { "_id": { "$in": asked } }).await?;
            let rows: Vec<RawDocumentBuf> = found.try_collect().await?;
            rows.iter().map(|raw| profile(raw)).collect()
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
                // A concurrent call inserted the first version during the upsert: now there is one to
                // replace.
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
