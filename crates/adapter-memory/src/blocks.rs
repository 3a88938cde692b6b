//! Which users do not want direct messages from which others.

use async_trait::async_trait;
use domain::port::Blocks;
use domain::{Failure, Timestamp, UserId};

use crate::MemoryStore;

#[async_trait]
impl Blocks for MemoryStore {
    async fn block(&self, by: UserId, whom: UserId, _at: Timestamp) -> Result<(), Failure> {
        let mut state = self.state();
        if let Some(stranger) = state.stranger([by, whom]) {
            return Err(Failure::lasting("blocks", "block", stranger));
        }
        state.blocks.insert((by, whom));
        Ok(())
    }

    async fn unblock(&self, by: UserId, whom: UserId) -> Result<(), Failure> {
        self.state().blocks.remove(&(by, whom));
        Ok(())
    }

    async fn of(&self, blocker: UserId) -> Result<Vec<UserId>, Failure> {
        let state = self.state();
        let own = state.blocks.iter().filter(|(by, _)| *by == blocker);
        Ok(own.map(|(_, whom)| *whom).collect())
    }

    async fn is_blocked(&self, by: UserId, whom: UserId) -> Result<bool, Failure> {
        Ok(self.state().blocks.contains(&(by, whom)))
    }
}
