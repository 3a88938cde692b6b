//! A message store that is unavailable.

use async_trait::async_trait;
use domain::port::Messages;
use domain::port::messages::{Amended, Amendment, Appended, NewMessage, Sent, View, Window};
use domain::{ClientId, Failure, Message, MessageId, Seq, UserId};

/// Fails every call.
pub(crate) struct MessagesAway;

fn away<T>() -> Result<T, Failure> {
    Err(Failure::passing("messages", "answer", "connection refused"))
}

#[async_trait]
impl Messages for MessagesAway {
    async fn append(&self, _: &[NewMessage]) -> Result<Vec<Appended>, Failure> {
        away()
    }

    async fn amend(&self, _: &Amendment) -> Result<Amended, Failure> {
        away()
    }

    async fn find(&self, _: &[MessageId], _: UserId) -> Result<Vec<Message>, Failure> {
        away()
    }

    async fn sent(&self, _: UserId, _: ClientId) -> Result<Option<Sent>, Failure> {
        away()
    }

    async fn page(&self, _: &View, _: Window, _: usize) -> Result<Vec<Message>, Failure> {
        away()
    }

    async fn replies(
        &self,
        _: &View,
        _: MessageId,
        _: Seq,
        _: usize,
    ) -> Result<Vec<Message>, Failure> {
        away()
    }

    async fn pins(&self, _: &View, _: Option<Seq>, _: usize) -> Result<Vec<Message>, Failure> {
        away()
    }

    async fn mentioning(&self, _: &View, _: Seq, _: usize) -> Result<Vec<Message>, Failure> {
        away()
    }

    async fn latest(&self, _: &[View]) -> Result<Vec<Message>, Failure> {
        away()
    }
}
