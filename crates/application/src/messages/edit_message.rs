//! Editing a message.

use domain::port::messages::Change;
use domain::{MessageBody, MessageId, Refusal};

use super::amend::Amender;
use super::mentions::Mentions;
use crate::{Caller, Error, MessageView, Ports};

/// Lets authors change what their messages say. Whom an edit mentions is not notified.
pub struct EditMessage {
    amender: Amender,
    mentions: Mentions,
}

impl EditMessage {
    pub(crate) fn new(ports: &Ports) -> Self {
        Self {
            amender: Amender::new(ports),
            mentions: Mentions::new(ports),
        }
    }

    /// Changes the text and shows the message.
    pub async fn run(
        &self,
        caller: &Caller,
        id: MessageId,
        body: MessageBody,
    ) -> Result<MessageView, Error> {
        let (message, inside) = self.amender.find(caller, id).await?;
        if message.sender != caller.user {
            return Err(Refusal::Forbidden.into());
        }
        let mentions = self.mentions.of(&body, message.room, caller.user).await?;
        let change = Change::Edit { body, mentions };
        self.amender.amend(caller, &inside, id, change).await
    }
}
