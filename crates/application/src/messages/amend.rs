//! Changing a stored message.

use std::sync::Arc;

use domain::port::bus::{MessageChange, RoomChange};
use domain::port::messages::{Amended, Amendment, Change};
use domain::port::{Blocks, Clock, Ids, Messages, Rooms};
use domain::{Happening, Message, MessageId, Refusal};

use crate::access::{Inside, readable, welcome};
use crate::announce::Announcer;
use crate::happened::happened;
use crate::present::MessageViews;
use crate::summaries::Shelf;
use crate::{Caller, Error, MessageView, Ports};

/// Applies changes to messages, and announces them.
pub(super) struct Amender {
    rooms: Arc<dyn Rooms>,
    messages: Arc<dyn Messages>,
    blocks: Arc<dyn Blocks>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
    announcer: Announcer,
    shelf: Shelf,
    views: MessageViews,
}

impl Amender {
    pub(super) fn new(ports: &Ports) -> Self {
        Self {
            rooms: Arc::clone(&ports.rooms),
            messages: Arc::clone(&ports.messages),
            blocks: Arc::clone(&ports.blocks),
            clock: Arc::clone(&ports.clock),
            ids: Arc::clone(&ports.ids),
            announcer: Announcer::new(&ports.bus),
            shelf: Shelf::new(ports),
            views: MessageViews::new(ports),
        }
    }

    /// The message to change, if the caller may read it.
    pub(super) async fn find(
        &self,
        caller: &Caller,
        id: MessageId,
    ) -> Result<(Message, Inside), Error> {
        readable(&*self.rooms, &*self.messages, id, caller.user).await
    }

    /// Refuses members whom an admin has muted, and callers blocked in a direct room.
    pub(super) async fn may_write(&self, inside: &Inside) -> Result<(), Error> {
        inside.may_write(self.clock.now())?;
        self.is_welcome(inside).await
    }

    /// Refuses callers whom the other person in a direct room has blocked.
    pub(super) async fn is_welcome(&self, inside: &Inside) -> Result<(), Error> {
        welcome(&*self.blocks, &inside.room, inside.membership.user).await
    }

    /// Applies the change and shows the message.
    pub(super) async fn amend(
        &self,
        caller: &Caller,
        inside: &Inside,
        message: MessageId,
        change: Change,
    ) -> Result<MessageView, Error> {
        let told = told(caller, &change);
        let new_words = matches!(change, Change::Edit { .. } | Change::Delete);
        let at = self.clock.now();
        let happening = happening(message, &change);
        let events = happening.map(|what| happened(&*self.ids, at, inside.room.id, what));
        let amendment = Amendment {
            message,
            room: inside.room.id,
            by: caller.user,
            at,
            change,
            events: events.into_iter().collect(),
        };
        let (message, has_changed) = match self.messages.amend(&amendment).await? {
            Amended::Changed(message) => (message, true),
            Amended::Unchanged(message) => (message, false),
            Amended::Deleted => return Err(Refusal::MessageDeleted.into()),
            Amended::TooManyReactions => {
                let full = "a message takes at most 20 different emoji";
                return Err(Refusal::TooMany(full).into());
            }
            Amended::Unknown => return Err(Refusal::NotFound.into()),
        };
        // Also if nothing changed: the node that made the change may have died before it came to this.
        if new_words {
            self.shelf.forget_place(message.room, message.seq).await;
        }
        if has_changed {
            let change = RoomChange::Message(Box::new(message.clone()), told);
            self.announcer.changed(inside.room.id, vec![change]).await;
        }
        Ok(self
            .views
            .show_one(caller.user, &inside.room, message)
            .await?)
    }
}

/// The event that a change is worth. Reactions and pins only matter to those who are looking at the
/// room.
const fn happening(message: MessageId, change: &Change) -> Option<Happening> {
    match change {
        Change::Edit { .. } => Some(Happening::MessageEdited(message)),
        Change::Delete => Some(Happening::MessageDeleted(message)),
        Change::React { .. } | Change::Pin { .. } => None,
    }
}

fn told(caller: &Caller, change: &Change) -> MessageChange {
    match change {
        Change::Edit { .. } | Change::Pin { .. } => MessageChange::Updated,
        Change::Delete => MessageChange::Deleted,
        Change::React { emoji, on } => MessageChange::Reacted {
            user: caller.user,
            emoji: emoji.clone(),
            on: *on,
        },
    }
}
