//! Messages.

use futures::stream::{self, Stream, TryStreamExt as _};
use protocol::rest::{CursorTarget, EditMessage, HistoryFrom, MoveCursor, SearchQuery};
use protocol::shape::{Cursors, Message, MessagePage, Receipts, SearchPage};
use uuid::Uuid;

use super::Account;
use crate::call::{Call, path};
use crate::{Draft, Error};

/// Which part of a list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// Where the part before ended: its `next_cursor`.
    pub cursor: Option<Uuid>,
    /// How much of it, up to 100; else 50.
    pub limit: Option<u32>,
}

impl Page {
    pub(super) fn of(self, call: Call) -> Call {
        call.about("cursor", self.cursor).about("limit", self.limit)
    }
}

impl Account {
    /// A part of what was said, the newest first; after a seq the oldest first.
    pub async fn history(
        &self,
        room: Uuid,
        from: HistoryFrom,
        limit: Option<u32>,
    ) -> Result<MessagePage, Error> {
        let call = Call::get(path([&"rooms", &room, &"messages"])).about("limit", limit);
        let call = match from {
            HistoryFrom::Newest => call,
            HistoryFrom::Before(message) => call.about("cursor", Some(message)),
            HistoryFrom::After(seq) => call.about("after", Some(seq)),
            HistoryFrom::Around(seq) => call.about("around", Some(seq)),
        };
        self.ask(call).await
    }

    /// All that was said after a seq, the oldest first.
    pub fn all_history(
        &self,
        room: Uuid,
        after: i64,
    ) -> impl Stream<Item = Result<Message, Error>> {
        stream::try_unfold((self.clone(), after), move |(account, after)| async move {
            let from = HistoryFrom::After(after);
            let messages = account.history(room, from, Some(100)).await?.messages;
            let last = messages.last().map(|last| last.seq);
            let page = stream::iter(messages.into_iter().map(Ok::<_, Error>));
            Ok::<_, Error>(last.map(|last| (page, (account, last))))
        })
        .try_flatten()
    }

    /// Says something, once, however often it has to be tried.
    pub async fn post(&self, room: Uuid, draft: Draft) -> Result<Message, Error> {
        let call = Call::post(path([&"rooms", &room, &"messages"]), &draft.into_post()?)?;
        self.ask(call.repeatable()).await
    }

    /// A message.
    pub async fn message(&self, message: Uuid) -> Result<Message, Error> {
        self.ask(Call::get(path([&"messages", &message]))).await
    }

    /// Changes a message.
    pub async fn edit(&self, message: Uuid, content: &str) -> Result<Message, Error> {
        let change = EditMessage {
            content: content.to_owned(),
        };
        self.ask(Call::patch(path([&"messages", &message]), &change)?)
            .await
    }

    /// Deletes a message; what is left of it is answered.
    pub async fn delete(&self, message: Uuid) -> Result<Message, Error> {
        self.ask(Call::delete(path([&"messages", &message]))).await
    }

    /// What answers a message, the oldest first.
    pub async fn replies(&self, message: Uuid, page: Page) -> Result<MessagePage, Error> {
        self.ask(page.of(Call::get(path([&"messages", &message, &"replies"]))))
            .await
    }

    /// Gives or takes back a reaction.
    pub async fn react(&self, message: Uuid, emoji: &str, on: bool) -> Result<Message, Error> {
        let path = path([&"messages", &message, &"reactions", &emoji]);
        self.ask(Call::switch(path, on)).await
    }

    /// Keeps a message at hand, or no more.
    pub async fn pin(&self, message: Uuid, on: bool) -> Result<Message, Error> {
        self.ask(Call::switch(path([&"messages", &message, &"pin"]), on))
            .await
    }

    /// What is kept at hand in a room.
    pub async fn pins(&self, room: Uuid, page: Page) -> Result<MessagePage, Error> {
        self.ask(page.of(Call::get(path([&"rooms", &room, &"pins"]))))
            .await
    }

    /// Has read a room up to this seq.
    pub async fn read(&self, room: Uuid, seq: i64) -> Result<Cursors, Error> {
        self.move_cursor("read", room, seq).await
    }

    /// Has a room's messages up to this seq on this device.
    pub async fn delivered(&self, room: Uuid, seq: i64) -> Result<Cursors, Error> {
        self.move_cursor("delivered", room, seq).await
    }

    async fn move_cursor(&self, which: &str, room_id: Uuid, seq: i64) -> Result<Cursors, Error> {
        let to = CursorTarget::Seq(seq);
        let call = Call::post(path([&"messages", &which]), &MoveCursor { room_id, to })?;
        self.ask(call.repeatable()).await
    }

    /// Whom a message has reached.
    pub async fn receipts(&self, message: Uuid) -> Result<Receipts, Error> {
        self.ask(Call::get(path([&"messages", &message, &"receipts"])))
            .await
    }

    /// Looks for words in everything that one may read.
    pub async fn search(&self, search: &SearchQuery) -> Result<SearchPage, Error> {
        let call = Call::get(path([&"search", &"messages"]))
            .about("q", Some(&search.q))
            .about("roomId", search.room_id)
            .about("from", search.from)
            .about("before", search.before)
            .about("after", search.after)
            .about("cursor", search.cursor)
            .about("limit", Some(search.limit));
        self.ask(call).await
    }
}
