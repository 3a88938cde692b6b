//! Deleting a message.

use domain::port::messages::Change;
use domain::{MessageId, Refusal};

use super::amend::Amender;
use crate::access::keeps_order;
use crate::{Caller, Error, MessageView, Ports};

/// Lets authors delete their messages, and admins and owners those of others. A tombstone stays.
pub struct DeleteMessage {
    amender: Amender,
}

impl DeleteMessage {
    pub(crate) fn new(ports: &Ports) -> Self {
        Self {
            amender: Amender::new(ports),
        }
    }

    /// Deletes the message and shows its tombstone. Deleting it again does the same.
    #[tracing::instrument(skip_all, name = "delete_message")]
    pub async fn run(&self, caller: &Caller, id: MessageId) -> Result<MessageView, Error> {
        let (message, inside) = self.amender.find(caller, id).await?;
        if message.sender != caller.user && !keeps_order(&inside.membership) {
            return Err(Refusal::Forbidden.into());
        }
        self.amender
            .amend(caller, &inside, id, Change::Delete)
            .await
    }
}

#[cfg(test)]
mod tests {
    use domain::port::bus::{MessageChange, Notice, RoomChange};

    use super::*;
    use crate::Reach;
    use crate::testing::Stage;

    #[tokio::test]
    async fn authors_delete_what_they_wrote() {
        let stage = Stage::new().await;
        let delete = DeleteMessage::new(&stage.world.ports);
        let own = stage.table(async |who, spot| delete.run(&who, spot.own).await);
        assert_eq!(
            own.await,
            [
                "forbidden banned ok ok ok ok",
                "unknown unknown ok ok ok ok",
                "unknown ok",
            ]
        );
    }

    #[tokio::test]
    async fn who_keeps_order_deletes_what_others_wrote() {
        let stage = Stage::new().await;
        let delete = DeleteMessage::new(&stage.world.ports);
        let others = stage.table(async |who, spot| delete.run(&who, spot.others).await);
        assert_eq!(
            others.await,
            [
                "forbidden banned forbidden forbidden ok ok",
                "unknown unknown forbidden forbidden ok ok",
                "unknown forbidden",
            ]
        );
    }

    #[tokio::test]
    async fn a_tombstone_keeps_its_place_and_is_told_once() {
        let stage = Stage::new().await;
        let delete = DeleteMessage::new(&stage.world.ports);
        let message = stage.world.post(stage.public, &stage.member, "oops").await;
        let mut ear = stage.world.ear().await;
        let gone = delete.run(&stage.member, message.id).await.unwrap();
        assert_eq!(gone.message.body, None);
        assert_eq!(gone.message.deleted_at, Some(stage.world.now()));
        assert_eq!(gone.message.seq, message.seq);
        assert_eq!(gone.reach, Some(Reach::Sent));
        let change = RoomChange::Message(Box::new(gone.message.clone()), MessageChange::Deleted);
        let told = Notice::Changed {
            room: stage.public,
            changes: vec![change],
        };
        assert_eq!(ear.only(), told);
        let again = delete.run(&stage.admin, message.id).await.unwrap();
        assert_eq!((again.message, again.reach), (gone.message, None));
        assert_eq!(ear.heard(), []);
    }
}
