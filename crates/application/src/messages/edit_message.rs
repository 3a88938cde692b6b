//! Editing a message.

use domain::port::messages::Change;
use domain::{MessageBody, MessageId, Refusal};

use super::amend::Amender;
use super::mentions::Mentions;
use crate::{Caller, Error, MessageView, Ports};

/// Lets authors edit their messages. Those mentioned by an edit are not notified.
pub struct EditMessage {
    amender: Amender,
    mentions: Mentions,
}

impl EditMessage {
    pub(crate) fn new(ports: &Ports) -> Self {
        Self {
            amender: Amender::new(ports),
            mentions: Mentions::new(ports),
        }
    }

    /// Changes the text and shows the message.
    #[tracing::instrument(skip_all, name = "edit_message")]
    pub async fn run(
        &self,
        caller: &Caller,
        id: MessageId,
        body: MessageBody,
    ) -> Result<MessageView, Error> {
        let (message, inside) = self.amender.find(caller, id).await?;
        if message.sender != caller.user {
            return Err(Refusal::Forbidden.into());
        }
        // An edit reaches the other person just like a new message, so a block must stop it as well.
        self.amender.is_welcome(&inside).await?;
        let mentions = self.mentions.of(&body, message.room, caller.user).await?;
        let change = Change::Edit { body, mentions };
        self.amender.amend(caller, &inside, id, change).await
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use domain::port::bus::{MessageChange, Notice, RoomChange};

    use super::*;
    use crate::testing::{Stage, body, refusal};

    #[tokio::test]
    async fn authors_edit_while_they_belong() {
        let stage = Stage::new().await;
        let edit = EditMessage::new(&stage.world.ports);
        let own = stage.table(async |who, spot| edit.run(&who, spot.own, body("new")).await);
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
    async fn nobody_edits_what_another_wrote() {
        let stage = Stage::new().await;
        let edit = EditMessage::new(&stage.world.ports);
        let others = stage.table(async |who, spot| edit.run(&who, spot.others, body("new")).await);
        assert_eq!(
            others.await,
            [
                "forbidden banned forbidden forbidden forbidden forbidden",
                "unknown unknown forbidden forbidden forbidden forbidden",
                "unknown forbidden",
            ]
        );
    }

    #[tokio::test]
    async fn an_edit_changes_the_text_and_tells_it_once() {
        let stage = Stage::new().await;
        let edit = EditMessage::new(&stage.world.ports);
        let message = stage.world.post(stage.public, &stage.member, "old").await;
        let mut ear = stage.world.ear().await;
        stage.world.pass(Duration::from_secs(5));
        let view = edit
            .run(&stage.member, message.id, body("new"))
            .await
            .unwrap();
        assert_eq!(view.message.body, Some(body("new")));
        assert_eq!(view.message.edited_at, Some(stage.world.now()));
        assert_eq!(view.message.seq, message.seq);
        assert!(view.message.rev > message.rev);
        let change = RoomChange::Message(Box::new(view.message), MessageChange::Updated);
        let told = Notice::Changed {
            room: stage.public,
            changes: vec![change],
        };
        assert_eq!(ear.only(), told);
        let again = edit.run(&stage.member, message.id, body("new"));
        assert!(again.await.is_ok());
        assert_eq!(ear.heard(), []);
    }

    #[tokio::test]
    async fn an_edit_mentions_members_without_notifying_them() {
        let stage = Stage::new().await;
        let edit = EditMessage::new(&stage.world.ports);
        let message = stage.world.post(stage.public, &stage.member, "old").await;
        let mut ear = stage.world.ear().await;
        let new = body("ask @admin, @stranger and me, @member");
        let view = edit.run(&stage.member, message.id, new).await.unwrap();
        assert_eq!(view.message.mentions, [stage.admin.user]);
        assert!(matches!(ear.only(), Notice::Changed { .. }));
    }

    #[tokio::test]
    async fn who_is_blocked_has_no_new_words_for_the_blocker() {
        let stage = Stage::new().await;
        let edit = EditMessage::new(&stage.world.ports);
        let message = stage.world.post(stage.direct, &stage.member, "old").await;
        let blocks = &stage.world.ports.blocks;
        let block = blocks.block(stage.author.user, stage.member.user, stage.world.now());
        block.await.unwrap();
        let answer = edit.run(&stage.member, message.id, body("new")).await;
        assert_eq!(refusal(answer), Refusal::Blocked);
    }

    #[tokio::test]
    async fn a_tombstone_says_nothing_new() {
        let stage = Stage::new().await;
        let edit = EditMessage::new(&stage.world.ports);
        let tombstone = stage.tombstone(stage.public, &stage.member).await;
        let answer = edit.run(&stage.member, tombstone, body("new")).await;
        assert_eq!(refusal(answer), Refusal::MessageDeleted);
        let answer = edit.run(&stage.owner, tombstone, body("new")).await;
        assert_eq!(refusal(answer), Refusal::Forbidden);
    }
}
