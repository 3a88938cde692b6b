//! The port `Blocks`.

use async_trait::async_trait;
use diesel::dsl::exists;
use domain::port::Blocks;
use domain::{Failure, Timestamp, UserId};

use crate::PostgresStore;
use crate::columns::{Key, Moment};
use crate::failure::Call;
use crate::prelude::*;
use crate::schema::blocks;

const fn call(action: &'static str) -> Call {
    Call {
        port: "blocks",
        action,
    }
}

#[async_trait]
impl Blocks for PostgresStore {
    async fn block(&self, by: UserId, whom: UserId, at: Timestamp) -> Result<(), Failure> {
        self.change(call("block"), async |db| {
            diesel::insert_into(blocks::table)
                .values((
                    blocks::blocker_id.eq(Key(by)),
                    blocks::blocked_id.eq(Key(whom)),
                    blocks::at.eq(Moment(at)),
                ))
                .on_conflict_do_nothing()
                .execute(db)
                .await?;
            Ok(())
        })
        .await
    }

    async fn unblock(&self, by: UserId, whom: UserId) -> Result<(), Failure> {
        self.change(call("unblock"), async |db| {
            diesel::delete(blocks::table.find((Key(by), Key(whom))))
                .execute(db)
                .await?;
            Ok(())
        })
        .await
    }

    async fn of(&self, blocker: UserId) -> Result<Vec<UserId>, Failure> {
        self.read(call("list"), async |db| {
            let own: Vec<Key<UserId>> = blocks::table
                .filter(blocks::blocker_id.eq(Key(blocker)))
                .order(blocks::blocked_id)
                .select(blocks::blocked_id)
                .load(db)
                .await?;
            Ok(own.into_iter().map(|key| key.0).collect())
        })
        .await
    }

    async fn is_blocked(&self, by: UserId, whom: UserId) -> Result<bool, Failure> {
        self.read(call("check for a block"), async |db| {
            let block = blocks::table.find((Key(by), Key(whom)));
            Ok(diesel::select(exists(block)).get_result(db).await?)
        })
        .await
    }
}
