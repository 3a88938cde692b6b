//! Keeping messages at hand for everybody.

use std::sync::Arc;

use domain::port::messages::Change;
use domain::port::{Messages, Rooms};
use domain::{MessageId, Refusal, RoomId, RoomKind};

use super::amend::Amender;
use super::place::place;
use crate::access::{Inside, inside, keeps_order};
use crate::present::MessageViews;
use crate::{Caller, Error, MessageView, Page, Ports};

/// Lets whoever keeps order pin messages; in a direct room, both may.
pub struct Pin {
    rooms: Arc<dyn Rooms>,
    messages: Arc<dyn Messages>,
    amender: Amender,
    views: MessageViews,
}

impl Pin {
    pub(crate) fn new(ports: &Ports) -> Self {
        Self {
            rooms: Arc::clone(&ports.rooms),
            messages: Arc::clone(&ports.messages),
            amender: Amender::new(ports),
            views: MessageViews::new(ports),
        }
    }

    /// Pins the message, or takes it off, and shows it.
    pub async fn run(
        &self,
        caller: &Caller,
        id: MessageId,
        on: bool,
    ) -> Result<MessageView, Error> {
        let (_, inside) = self.amender.find(caller, id).await?;
        if !may_pin(&inside) {
            return Err(Refusal::Forbidden.into());
        }
        let change = Change::Pin { on };
        self.amender.amend(caller, &inside, id, change).await
    }

    /// One page of a room's pinned messages, the latest first.
    pub async fn list(
        &self,
        caller: &Caller,
        room: RoomId,
        before: Option<MessageId>,
        limit: usize,
    ) -> Result<Page<MessageView, MessageId>, Error> {
        let inside = inside(&*self.rooms, room, caller.user).await?;
        let before = match before {
            Some(id) => Some(place(&*self.messages, &inside, "cursor", id).await?),
            None => None,
        };
        // One more than shown tells whether there is a next page.
        let wanted = limit.saturating_add(1);
        let mut pins = self.messages.pins(&inside.view(), before, wanted).await?;
        let more = pins.len() > limit;
        pins.truncate(limit);
        let next = pins.last().filter(|_| more).map(|message| message.id);
        let items = self.views.show(caller.user, &[&inside.room], pins).await?;
        Ok(Page { items, next })
    }
}

fn may_pin(inside: &Inside) -> bool {
    match inside.room.kind {
        RoomKind::Direct(_) => true,
        RoomKind::Public | RoomKind::Private => keeps_order(&inside.membership),
    }
}
