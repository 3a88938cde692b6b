//! Looking at one message.

use std::sync::Arc;

use domain::MessageId;
use domain::port::{Messages, Rooms};

use crate::access::readable;
use crate::present::MessageViews;
use crate::{Caller, Error, MessageView, Ports};

/// Shows members a message, or its tombstone.
pub struct ReadMessage {
    rooms: Arc<dyn Rooms>,
    messages: Arc<dyn Messages>,
    views: MessageViews,
}

impl ReadMessage {
    pub(crate) fn new(ports: &Ports) -> Self {
        Self {
            rooms: Arc::clone(&ports.rooms),
            messages: Arc::clone(&ports.messages),
            views: MessageViews::new(ports),
        }
    }

    /// Shows the message.
    pub async fn run(&self, caller: &Caller, id: MessageId) -> Result<MessageView, Error> {
        let (message, inside) = readable(&*self.rooms, &*self.messages, id, caller.user).await?;
        Ok(self
            .views
            .show_one(caller.user, &inside.room, message)
            .await?)
    }
}
