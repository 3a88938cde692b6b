//! Reading back in a room.

use std::sync::Arc;

use domain::port::messages::Window;
use domain::port::{Messages, Rooms};
use domain::{Message, MessageId, RoomId, Seq};

use super::place::place;
use crate::access::{Inside, inside};
use crate::present::MessageViews;
use crate::{Caller, Error, MessageView, Page, Ports};

/// Which part of the history.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stretch {
    /// The last messages.
    Newest,
    /// Those before a message: the page after the one that ended with it.
    Before(MessageId),
    /// The first ones after a place, rising.
    After(Seq),
    /// Those around a place, half on each side.
    Around(Seq),
}

/// Shows members what was said, newest first; only what comes after a place rises.
pub struct ReadHistory {
    rooms: Arc<dyn Rooms>,
    messages: Arc<dyn Messages>,
    views: MessageViews,
}

impl ReadHistory {
    pub(crate) fn new(ports: &Ports) -> Self {
        Self {
            rooms: Arc::clone(&ports.rooms),
            messages: Arc::clone(&ports.messages),
            views: MessageViews::new(ports),
        }
    }

    /// One page. Its `next` leads to the older page, while there is anything older to read.
    pub async fn run(
        &self,
        caller: &Caller,
        room: RoomId,
        stretch: Stretch,
        limit: usize,
    ) -> Result<Page<MessageView, MessageId>, Error> {
        let inside = inside(&*self.rooms, room, caller.user).await?;
        let window = self.window(&inside, stretch).await?;
        let mut page = self.messages.page(&inside.view(), window, limit).await?;
        let rising = matches!(stretch, Stretch::After(_));
        let next = page
            .first()
            .filter(|oldest| !rising && has_older(&inside, oldest))
            .map(|oldest| oldest.id);
        if !rising {
            page.reverse();
        }
        let items = self.views.show(caller.user, &[&inside.room], page).await?;
        Ok(Page { items, next })
    }

    async fn window(&self, inside: &Inside, stretch: Stretch) -> Result<Window, Error> {
        Ok(match stretch {
            Stretch::Newest => Window::Newest,
            Stretch::Before(id) => {
                Window::Before(place(&*self.messages, inside, "cursor", id).await?)
            }
            Stretch::After(seq) => Window::After(seq),
            Stretch::Around(seq) => Window::Around(seq),
        })
    }
}

/// Seqs have no holes, so what can be read begins right after the member's beginning.
fn has_older(inside: &Inside, message: &Message) -> bool {
    message.seq > inside.membership.from_seq.next()
}
