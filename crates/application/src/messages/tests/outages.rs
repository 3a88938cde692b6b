//! Posting while the store of messages is away.

use std::sync::Arc;

use async_trait::async_trait;
use domain::port::Messages;
use domain::port::messages::{Amended, Amendment, Appended, NewMessage, Sent, View, Window};
use domain::{ClientId, Failure, Message, MessageId, Seq, UserId};

use crate::Error;
use crate::testing::{Stage, says};

/// A store that is away.
struct Away;

fn away<T>() -> Result<T, Failure> {
    Err(Failure::passing("messages", "answer", "it is away"))
}

#[async_trait]
impl Messages for Away {
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

    async fn latest(&self, _: &[View]) -> Result<Vec<Message>, Failure> {
        away()
    }
}

#[tokio::test]
async fn what_was_not_stored_has_cost_no_point_and_is_not_told() {
    let mut stage = Stage::new().await;
    let post = stage.poster();
    stage.world.ports.messages = Arc::new(Away);
    let broken = stage.poster();
    let mut ear = stage.world.ear().await;
    for _ in 0..10 {
        let answer = broken.run(&stage.member, stage.public, says("hi")).await;
        assert!(matches!(answer, Err(Error::Failed(_))));
    }
    assert_eq!(ear.heard(), []);
    let posted = post.run(&stage.member, stage.public, says("hi")).await;
    assert_eq!(posted.unwrap().quota.unwrap().remaining, 4);
}
