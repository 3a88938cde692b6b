//! The port's methods, each on its thread.

use async_trait::async_trait;
use domain::port::Messages;
use domain::port::messages::{Amended, Amendment, Appended, NewMessage, Sent, View, Window};
use domain::{ClientId, Failure, Message, MessageId, Seq, UserId};

use super::{amend, append, read};
use crate::SqliteStore;

const PORT: &str = "messages";

#[async_trait]
impl Messages for SqliteStore {
    async fn append(&self, batch: &[NewMessage]) -> Result<Vec<Appended>, Failure> {
        let batch = batch.to_vec();
        self.write(PORT, "append", move |db| append::append(db, &batch))
            .await
    }

    async fn amend(&self, amendment: &Amendment) -> Result<Amended, Failure> {
        let amendment = amendment.clone();
        self.write(PORT, "amend", move |db| amend::amend(db, &amendment))
            .await
    }

    async fn find(&self, ids: &[MessageId], reader: UserId) -> Result<Vec<Message>, Failure> {
        let ids = ids.to_vec();
        self.read(PORT, "find", move |db| read::find(db, &ids, reader))
            .await
    }

    async fn sent(&self, sender: UserId, client_id: ClientId) -> Result<Option<Sent>, Failure> {
        self.read(PORT, "find sent messages", move |db| {
            read::sent(db, sender, client_id)
        })
        .await
    }

    async fn page(
        &self,
        view: &View,
        window: Window,
        limit: usize,
    ) -> Result<Vec<Message>, Failure> {
        let view = *view;
        self.read(PORT, "read a page", move |db| {
            read::page(db, &view, window, limit)
        })
        .await
    }

    async fn replies(
        &self,
        view: &View,
        root: MessageId,
        after: Seq,
        limit: usize,
    ) -> Result<Vec<Message>, Failure> {
        let view = *view;
        self.read(PORT, "read a thread", move |db| {
            read::replies(db, &view, root, after, limit)
        })
        .await
    }

    async fn pins(
        &self,
        view: &View,
        before: Option<Seq>,
        limit: usize,
    ) -> Result<Vec<Message>, Failure> {
        let view = *view;
        self.read(PORT, "read pins", move |db| {
            read::pins(db, &view, before, limit)
        })
        .await
    }

    async fn mentioning(
        &self,
        view: &View,
        up_to: Seq,
        limit: usize,
    ) -> Result<Vec<Message>, Failure> {
        let view = *view;
        self.read(PORT, "read mentions", move |db| {
            read::mentioning(db, &view, up_to, limit)
        })
        .await
    }

    async fn latest(&self, views: &[View]) -> Result<Vec<Message>, Failure> {
        let views = views.to_vec();
        self.read(PORT, "read the latest", move |db| read::latest(db, &views))
            .await
    }
}
