//! The port `Profiles`.

use async_trait::async_trait;
use diesel::prelude::*;
use domain::port::Profiles;
use domain::{Failure, ProfileDocument, UserId};

use crate::SqliteStore;
use crate::columns::{Key, keys};
use crate::failure::Spot;
use crate::schema::profiles;

const PORT: &str = "profiles";

#[async_trait]
impl Profiles for SqliteStore {
    async fn find(&self, users: &[UserId]) -> Result<Vec<(UserId, ProfileDocument)>, Failure> {
        let users = users.to_vec();
        self.read(PORT, "find", move |db| {
            let rows: Vec<(Key<UserId>, String)> = profiles::table
                .filter(profiles::user.eq_any(keys(&users)))
                .select((profiles::user, profiles::document))
                .load(db)?;
            let read = |(Key(user), text)| {
                let document = ProfileDocument::parse(text);
                let document = Spot::new("profiles", &user).parsed("document", document)?;
                Ok((user, document))
            };
            rows.into_iter().map(read).collect()
        })
        .await
    }

    async fn put(&self, user: UserId, document: &ProfileDocument) -> Result<(), Failure> {
        let document = document.as_str().to_owned();
        self.write(PORT, "put", move |db| {
            diesel::replace_into(profiles::table)
                .values((
                    profiles::user.eq(Key(user)),
                    profiles::document.eq(document),
                ))
                .execute(db)?;
            Ok(())
        })
        .await
    }

    async fn erase(&self, user: UserId) -> Result<(), Failure> {
        self.write(PORT, "erase", move |db| {
            diesel::delete(profiles::table.find(Key(user))).execute(db)?;
            Ok(())
        })
        .await
    }
}
