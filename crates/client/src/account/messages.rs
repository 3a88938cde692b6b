//! Messages.

use futures::stream::{self, Stream, TryStreamExt as _};
use protocol::rest::{CursorTarget, EditMessage, HistoryFrom, MoveCursor, SearchQuery};
use protocol::shape::{Cursors, Message, MessagePage, Receipts, SearchPage};
use uuid::Uuid;

use super::Account;
use crate::call::{Call, path};
use crate::{Draft, Error};

/// Which page of a list to read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// The `next_cursor` of the previous page.
    pub cursor: Option<Uuid>,
    /// The page size, up to 100; 50 by default.
    pub limit: Option<u32>,
}

impl Page {
    pub(super) fn of(self, call: Call) -> Call {
        call.about("cursor", self.cursor).about("limit", self.limit)
    }
}

impl Account {
    /// A page of a room's messages, the newest first; after a seq, the oldest first.
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

    /// All messages after a seq, the oldest first.
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

    /// Posts a message, exactly once, however often it has to be retried.
    pub async fn post(&self, room: Uuid, draft: Draft) -> Result<Message, Error> {
        let call = Call::post(path([&"rooms", &room, &"messages"]), &draft.into_post()?)?;
        self.ask(call.repeatable()).await
    }

    /// Reads a message.
    pub async fn message(&self, message: Uuid) -> Result<Message, Error> {
        self.ask(Call::get(path([&"messages", &message]))).await
    }

    /// Edits a message.
    pub async fn edit(&self, message: Uuid, content: &str) -> Result<Message, Error> {
        let change = EditMessage {
            content: content.to_owned(),
        };
        self.ask(Call::patch(path([&"messages", &message]), &change)?)
            .await
    }

    /// Deletes a message, and returns its tombstone.
    pub async fn delete(&self, message: Uuid) -> Result<Message, Error> {
        self.ask(Call::delete(path([&"messages", &message]))).await
    }

    /// The replies to a message, the oldest first.
    pub async fn replies(&self, message: Uuid, page: Page) -> Result<MessagePage, Error> {
        self.ask(page.of(Call::get(path([&"messages", &message, &"replies"]))))
            .await
    }

    /// Adds or removes a reaction.
    pub async fn react(&self, message: Uuid, emoji: &str, on: bool) -> Result<Message, Error> {
        let path = path([&"messages", &message, &"reactions", &emoji]);
        self.ask(Call::switch(path, on)).await
    }

    /// Pins or unpins a message.
    pub async fn pin(&self, message: Uuid, on: bool) -> Result<Message, Error> {
        self.ask(Call::switch(path([&"messages", &message, &"pin"]), on))
            .await
    }

    /// The pinned messages of a room.
    pub async fn pins(&self, room: Uuid, page: Page) -> Result<MessagePage, Error> {
        self.ask(page.of(Call::get(path([&"rooms", &room, &"pins"]))))
            .await
    }

    /// Marks a room as read up to this seq.
    pub async fn read(&self, room: Uuid, seq: i64) -> Result<Cursors, Error> {
        self.move_cursor("read", room, seq).await
    }

    /// Marks a room's messages up to this seq as delivered to this device.
    pub async fn delivered(&self, room: Uuid, seq: i64) -> Result<Cursors, Error> {
        self.move_cursor("delivered", room, seq).await
    }

    async fn move_cursor(&self, which: &str, room_id: Uuid, seq: i64) -> Result<Cursors, Error> {
        let to = CursorTarget::Seq(seq);
        let call = Call::post(path([&"messages", &which]), &MoveCursor { room_id, to })?;
        self.ask(call.repeatable()).await
    }

    /// Who has received and who has read a message.
    pub async fn receipts(&self, message: Uuid) -> Result<Receipts, Error> {
        self.ask(Call::get(path([&"messages", &message, &"receipts"])))
            .await
    }

    /// Searches all messages that the user may read.
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
