//! Reacting to a message.

use domain::port::messages::Change;
use domain::{Emoji, MessageId};

use super::amend::Amender;
use crate::{Caller, Error, MessageView, Ports};

/// Lets members react with an emoji, and take it back.
pub struct React {
    amender: Amender,
}

impl React {
    pub(crate) fn new(ports: &Ports) -> Self {
        Self {
            amender: Amender::new(ports),
        }
    }

    /// Reacts, or no longer does, and shows the message.
    pub async fn run(
        &self,
        caller: &Caller,
        id: MessageId,
        emoji: Emoji,
        on: bool,
    ) -> Result<MessageView, Error> {
        let (_, inside) = self.amender.find(caller, id).await?;
        self.amender.may_write(&inside)?;
        let change = Change::React { emoji, on };
        self.amender.amend(caller, &inside, id, change).await
    }
}
