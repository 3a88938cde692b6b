//! Taking no direct messages from somebody.

use std::sync::Arc;

use domain::port::{Blocks, Clock, Users};
use domain::{Refusal, UserId};

use crate::{Caller, Error, Ports};

/// Blocks somebody: they cannot open or write to a direct room with the caller.
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

    /// Blocks somebody. Doing so again is fine, and they are not told.
    pub async fn run(&self, caller: &Caller, other: UserId) -> Result<(), Error> {
        self.somebody_else(caller, other).await?;
        let now = self.clock.now();
        Ok(self.blocks.block(caller.user, other, now).await?)
    }

    /// Takes that back.
    pub async fn lift(&self, caller: &Caller, other: UserId) -> Result<(), Error> {
        self.somebody_else(caller, other).await?;
        Ok(self.blocks.unblock(caller.user, other).await?)
    }

    async fn somebody_else(&self, caller: &Caller, other: UserId) -> Result<(), Error> {
        if other == caller.user {
            let message = "must be somebody else";
            return Err(Refusal::invalid("userId", "oneself", message).into());
        }
        match self.users.find(&[other]).await?.pop() {
            Some(_) => Ok(()),
            None => Err(Refusal::NotFound.into()),
        }
    }
}
