//! Reading a thread.

use std::sync::Arc;

use domain::port::{Messages, Rooms};
use domain::{MessageId, Seq};

use super::place::place;
use crate::access::readable;
use crate::present::MessageViews;
use crate::{Caller, Error, MessageView, Page, Ports};

/// Shows members what was answered to a message, oldest first. A reply to a reply belongs to the
/// first one's thread, so a reply has no thread of its own.
pub struct ReadReplies {
    rooms: Arc<dyn Rooms>,
    messages: Arc<dyn Messages>,
    views: MessageViews,
}

impl ReadReplies {
    pub(crate) fn new(ports: &Ports) -> Self {
        Self {
            rooms: Arc::clone(&ports.rooms),
            messages: Arc::clone(&ports.messages),
            views: MessageViews::new(ports),
        }
    }

    /// One page after a reply.
    pub async fn run(
        &self,
        caller: &Caller,
        id: MessageId,
        after: Option<MessageId>,
        limit: usize,
    ) -> Result<Page<MessageView, MessageId>, Error> {
        let (root, inside) = readable(&*self.rooms, &*self.messages, id, caller.user).await?;
        let after = match after {
            Some(reply) => place(&*self.messages, &inside, "cursor", reply).await?,
            None => Seq::ZERO,
        };
        // One more than shown tells whether there is a next page.
        let wanted = limit.saturating_add(1);
        let mut replies = self
            .messages
            .replies(&inside.view(), root.id, after, wanted)
            .await?;
        let more = replies.len() > limit;
        replies.truncate(limit);
        let next = replies.last().filter(|_| more).map(|message| message.id);
        let items = self
            .views
            .show(caller.user, &[&inside.room], replies)
            .await?;
        Ok(Page { items, next })
    }
}
