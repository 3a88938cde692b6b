//! Finding messages by words.

use std::sync::Arc;

use domain::port::search::MessageQuery;
use domain::port::{Rooms, Search};
use domain::search_text::{snippet, words};
use domain::{Message, MessageId, Room, RoomId, SearchText, Timestamp, UserId};

use crate::access::inside;
use crate::present::MessageViews;
use crate::{Caller, Error, Hit, MessageView, Page, Ports};

/// How much of a text is shown around the first hit.
const SNIPPET: usize = 160;

/// What somebody looks for.
#[derive(Clone, Debug)]
pub struct MessageSearch {
    /// The words, all of which must be in a message.
    pub text: SearchText,
    /// Only in this room.
    pub room: Option<RoomId>,
    /// Only from this sender.
    pub from: Option<UserId>,
    /// Only posted before this moment.
    pub before: Option<Timestamp>,
    /// Only posted at or after this moment.
    pub after: Option<Timestamp>,
    /// Where the page before ended.
    pub cursor: Option<MessageId>,
    /// How many at most.
    pub limit: usize,
}

/// Searches what the caller may read, newest first.
pub struct SearchMessages {
    rooms: Arc<dyn Rooms>,
    search: Arc<dyn Search>,
    views: MessageViews,
}

impl SearchMessages {
    pub(crate) fn new(ports: &Ports) -> Self {
        Self {
            rooms: Arc::clone(&ports.rooms),
            search: Arc::clone(&ports.search),
            views: MessageViews::new(ports),
        }
    }

    /// One page of hits.
    pub async fn run(
        &self,
        caller: &Caller,
        search: MessageSearch,
    ) -> Result<Page<Hit, MessageId>, Error> {
        if let Some(room) = search.room {
            inside(&*self.rooms, room, caller.user).await?;
        }
        let sought = words(search.text.as_str());
        if sought.is_empty() {
            // Nothing but punctuation is in no message as a word.
            let items = Vec::new();
            return Ok(Page { items, next: None });
        }
        let query = MessageQuery {
            reader: caller.user,
            words: sought.clone(),
            room: search.room,
            from: search.from,
            before: search.before,
            after: search.after,
            cursor: search.cursor,
            // One more than shown tells whether there is a next page.
            limit: search.limit.saturating_add(1),
        };
        let mut found = self.search.messages(&query).await?;
        let more = found.len() > search.limit;
        found.truncate(search.limit);
        let next = found.last().filter(|_| more).map(|message| message.id);
        let shown = self.show(caller, found).await?;
        let items = shown.into_iter().map(|view| hit(view, &sought)).collect();
        Ok(Page { items, next })
    }

    async fn show(
        &self,
        caller: &Caller,
        messages: Vec<Message>,
    ) -> Result<Vec<MessageView>, Error> {
        let mut ids: Vec<RoomId> = messages.iter().map(|message| message.room).collect();
        ids.sort_unstable();
        ids.dedup();
        let rooms = self.rooms.find(&ids).await?;
        let rooms: Vec<&Room> = rooms.iter().collect();
        Ok(self.views.show(caller.user, &rooms, messages).await?)
    }
}

fn hit(view: MessageView, sought: &[String]) -> Hit {
    let text = view.message.body.as_ref().map_or("", |body| body.as_str());
    Hit {
        snippet: snippet(text, sought, SNIPPET),
        view,
    }
}
