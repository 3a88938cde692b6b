//! Reading a single message.

use std::sync::Arc;

use domain::MessageId;
use domain::port::{Messages, Rooms};

use crate::access::readable;
use crate::present::MessageViews;
use crate::{Caller, Error, MessageView, Ports};

/// Shows members a message, or its tombstone.
pub struct ReadMessage {
    rooms: Arc<dyn Rooms>,
    messages: Arc<dyn Messages>,
    views: MessageViews,
}

impl ReadMessage {
    pub(crate) fn new(ports: &Ports) -> Self {
        Self {
            rooms: Arc::clone(&ports.rooms),
            messages: Arc::clone(&ports.messages),
            views: MessageViews::new(ports),
        }
    }

    /// Shows the message.
    #[tracing::instrument(skip_all, name = "read_message")]
    pub async fn run(&self, caller: &Caller, id: MessageId) -> Result<MessageView, Error> {
        let (message, inside) = readable(&*self.rooms, &*self.messages, id, caller.user).await?;
        Ok(self
            .views
            .show_one(caller.user, &inside.room, message)
            .await?)
    }
}

#[cfg(test)]
mod tests {
    use domain::Refusal;
    use uuid::Uuid;

    use super::*;
    use crate::Reach;
    use crate::testing::{Stage, refusal};

    #[tokio::test]
    async fn members_read_and_others_are_told_what_they_may_know() {
        let stage = Stage::new().await;
        let read = ReadMessage::new(&stage.world.ports);
        let verdicts = stage.table(async |who, spot| read.run(&who, spot.others).await);
        assert_eq!(
            verdicts.await,
            [
                "forbidden banned ok ok ok ok",
                "unknown unknown ok ok ok ok",
                "unknown ok",
            ]
        );
    }

    #[tokio::test]
    async fn what_does_not_exist_is_not_found() {
        let stage = Stage::new().await;
        let read = ReadMessage::new(&stage.world.ports);
        let nothing = MessageId::from_uuid(Uuid::nil());
        let answer = read.run(&stage.owner, nothing).await;
        assert_eq!(refusal(answer), Refusal::NotFound);
    }

    #[tokio::test]
    async fn a_tombstone_is_shown() {
        let stage = Stage::new().await;
        let read = ReadMessage::new(&stage.world.ports);
        let tombstone = stage.tombstone(stage.public, &stage.owner).await;
        let view = read.run(&stage.member, tombstone).await.unwrap();
        assert_eq!(view.message.body, None);
        assert!(view.message.deleted_at.is_some());
    }

    #[tokio::test]
    async fn only_the_sender_is_told_how_far_it_has_come() {
        let stage = Stage::new().await;
        let read = ReadMessage::new(&stage.world.ports);
        let message = stage.world.post(stage.direct, &stage.member, "hi").await;
        let own = read.run(&stage.member, message.id).await.unwrap();
        assert_eq!(own.reach, Some(Reach::Sent));
        let theirs = read.run(&stage.author, message.id).await.unwrap();
        assert_eq!(theirs.reach, None);
        assert_eq!(theirs.sender.id, stage.member.user);

        // Replying implies having read what was there.
        stage.world.post(stage.direct, &stage.author, "what?").await;
        stage.delete(&message).await;
        let own = read.run(&stage.member, message.id).await.unwrap();
        assert_eq!(own.reach, Some(Reach::Read));
        let theirs = read.run(&stage.author, message.id).await.unwrap();
        assert_eq!(theirs.reach, None);
    }
}
