//! Deleting a message.

use domain::port::messages::Change;
use domain::{MessageId, Refusal};

use super::amend::Amender;
use crate::access::keeps_order;
use crate::{Caller, Error, MessageView, Ports};

/// Lets authors delete their messages, and whoever keeps order those of others. A tombstone stays.
pub struct DeleteMessage {
    amender: Amender,
}

impl DeleteMessage {
    pub(crate) fn new(ports: &Ports) -> Self {
        Self {
            amender: Amender::new(ports),
        }
    }

    /// Deletes the message and shows its tombstone; again the same.
    pub async fn run(&self, caller: &Caller, id: MessageId) -> Result<MessageView, Error> {
        let (message, inside) = self.amender.find(caller, id).await?;
        if message.sender != caller.user && !keeps_order(&inside.membership) {
            return Err(Refusal::Forbidden.into());
        }
        self.amender
            .amend(caller, &inside, id, Change::Delete)
            .await
    }
}
