//! The port's methods, each in its frame.

use async_trait::async_trait;
use domain::port::Messages;
use domain::port::messages::{Amended, Amendment, Appended, NewMessage, Sent, View, Window};
use domain::{ClientId, Failure, Message, MessageId, Seq, UserId};

use super::{amend, append, read};
use crate::PostgresStore;
use crate::failure::Call;

const fn call(action: &'static str) -> Call {
    Call {
        port: "messages",
        action,
    }
}

#[async_trait]
impl Messages for PostgresStore {
    async fn append(&self, batch: &[NewMessage]) -> Result<Vec<Appended>, Failure> {
        if batch.is_empty() {
            return Ok(Vec::new());
        }
        self.transact(call("append"), async |db| append::append(db, batch).await)
            .await
    }

    async fn amend(&self, amendment: &Amendment) -> Result<Amended, Failure> {
        self.transact(call("amend"), async |db| amend::amend(db, amendment).await)
            .await
    }

    async fn find(&self, ids: &[MessageId], reader: UserId) -> Result<Vec<Message>, Failure> {
        self.read(call("find"), async |db| read::find(db, ids, reader).await)
            .await
    }

    async fn sent(&self, sender: UserId, client_id: ClientId) -> Result<Option<Sent>, Failure> {
        self.read(call("find sent messages"), async |db| {
            read::sent(db, sender, client_id).await
        })
        .await
    }

    async fn page(
        &self,
        view: &View,
        window: Window,
        limit: usize,
    ) -> Result<Vec<Message>, Failure> {
        self.read(call("read a page"), async |db| {
            read::page(db, view, window, limit).await
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
        self.read(call("read a thread"), async |db| {
            read::replies(db, view, root, after, limit).await
        })
        .await
    }

    async fn pins(
        &self,
        view: &View,
        before: Option<Seq>,
        limit: usize,
    ) -> Result<Vec<Message>, Failure> {
        self.read(call("read pins"), async |db| {
            read::pins(db, view, before, limit).await
        })
        .await
    }

    async fn mentioning(
        &self,
        view: &View,
        up_to: Seq,
        limit: usize,
    ) -> Result<Vec<Message>, Failure> {
        self.read(call("read mentions"), async |db| {
            read::mentioning(db, view, up_to, limit).await
        })
        .await
    }

    async fn latest(&self, views: &[View]) -> Result<Vec<Message>, Failure> {
        self.read(call("read the latest"), async |db| {
            read::latest(db, views).await
        })
        .await
    }
}
