//! Blocking users from sending one direct messages.

use std::sync::Arc;

use domain::port::{Blocks, Clock, Users};
use domain::{Refusal, UserId};

use crate::{Caller, Error, Ports};

/// Blocks a user: they cannot open or write to a direct room with the caller.
pub struct Block {
    users: Arc<dyn Users>,
    blocks: Arc<dyn Blocks>,
    clock: Arc<dyn Clock>,
}

impl Block {
    pub(crate) fn new(ports: &Ports) -> Self {
        Self {
            users: Arc::clone(&ports.users),
            blocks: Arc::clone(&ports.blocks),
            clock: Arc::clone(&ports.clock),
        }
    }

    /// Blocks a user, without notifying them. Repeating it is harmless.
    #[tracing::instrument(skip_all, name = "block")]
    pub async fn run(&self, caller: &Caller, other: UserId) -> Result<(), Error> {
        self.somebody_else(caller, other).await?;
        let now = self.clock.now();
        Ok(self.blocks.block(caller.user, other, now).await?)
    }

    /// Lifts a block.
    pub async fn lift(&self, caller: &Caller, other: UserId) -> Result<(), Error> {
        self.somebody_else(caller, other).await?;
        Ok(self.blocks.unblock(caller.user, other).await?)
    }

    async fn somebody_else(&self, caller: &Caller, other: UserId) -> Result<(), Error> {
        if other == caller.user {
            let message = "must be another user";
            return Err(Refusal::invalid("userId", "unusable", message).into());
        }
        match self.users.find(&[other]).await?.pop() {
            Some(_) => Ok(()),
            None => Err(Refusal::NotFound.into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::port::IdsExt as _;

    use super::*;
    use crate::testing::{World, invalid_fields, refusal};

    #[tokio::test]
    async fn a_block_holds_one_way_until_it_is_lifted() {
        let world = World::new();
        let (ana, ben) = (world.user("ana").await, world.user("ben").await);
        let block = Block::new(&world.ports);
        let blocks = &world.ports.blocks;
        for _ in 0..2 {
            block.run(&ana, ben.user).await.unwrap();
            assert!(blocks.is_blocked(ana.user, ben.user).await.unwrap());
            assert!(!blocks.is_blocked(ben.user, ana.user).await.unwrap());
        }
        for _ in 0..2 {
            block.lift(&ana, ben.user).await.unwrap();
            assert!(!blocks.is_blocked(ana.user, ben.user).await.unwrap());
        }
    }

    #[tokio::test]
    async fn nobody_blocks_whom_nobody_knows() {
        let world = World::new();
        let ana = world.user("ana").await;
        let block = Block::new(&world.ports);
        let unknown: UserId = world.ports.ids.next();
        let answer = block.run(&ana, unknown).await;
        assert_eq!(refusal(answer), Refusal::NotFound);
        let answer = block.lift(&ana, unknown).await;
        assert_eq!(refusal(answer), Refusal::NotFound);
    }

    #[tokio::test]
    async fn nobody_blocks_themselves() {
        let world = World::new();
        let ana = world.user("ana").await;
        let block = Block::new(&world.ports);
        for answer in [
            block.run(&ana, ana.user).await,
            block.lift(&ana, ana.user).await,
        ] {
            assert_eq!(invalid_fields(answer), ["userId"]);
        }
    }
}
