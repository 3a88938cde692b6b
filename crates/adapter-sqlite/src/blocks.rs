//! The port `Blocks`.

use async_trait::async_trait;
use diesel::dsl::exists;
use diesel::prelude::*;
use domain::port::Blocks;
use domain::{Failure, Timestamp, UserId};

use crate::SqliteStore;
use crate::columns::Key;
use crate::schema::blocks;

const PORT: &str = "blocks";

#[async_trait]
impl Blocks for SqliteStore {
    async fn block(&self, by: UserId, whom: UserId, at: Timestamp) -> Result<(), Failure> {
        self.write(PORT, "block", move |db| {
            diesel::insert_or_ignore_into(blocks::table)
                .values((
                    blocks::blocker.eq(Key(by)),
                    blocks::blocked.eq(Key(whom)),
                    blocks::at.eq(at.as_millis()),
                ))
                .execute(db)?;
            Ok(())
        })
        .await
    }

    async fn unblock(&self, by: UserId, whom: UserId) -> Result<(), Failure> {
        self.write(PORT, "unblock", move |db| {
            diesel::delete(blocks::table.find((Key(by), Key(whom)))).execute(db)?;
            Ok(())
        })
        .await
    }

    async fn of(&self, blocker: UserId) -> Result<Vec<UserId>, Failure> {
        self.read(PORT, "list", move |db| {
            let own: Vec<Key<UserId>> = blocks::table
                .filter(blocks::blocker.eq(Key(blocker)))
                .order(blocks::blocked)
                .select(blocks::blocked)
                .load(db)?;
            Ok(own.into_iter().map(|key| key.0).collect())
        })
        .await
    }

    async fn is_blocked(&self, by: UserId, whom: UserId) -> Result<bool, Failure> {
        self.read(PORT, "check for a block", move |db| {
            let block = blocks::table.find((Key(by), Key(whom)));
            Ok(diesel::select(exists(block)).get_result(db)?)
        })
        .await
    }
}
