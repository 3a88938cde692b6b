//! Reacting to a message.

use domain::port::messages::Change;
use domain::{Emoji, MessageId};

use super::amend::Amender;
use crate::{Caller, Error, MessageView, Ports};

/// Lets members react with an emoji, and take it back.
pub struct React {
    amender: Amender,
}

impl React {
    pub(crate) fn new(ports: &Ports) -> Self {
        Self {
            amender: Amender::new(ports),
        }
    }

    /// Adds or removes a reaction, and shows the message.
    #[tracing::instrument(skip_all, name = "react")]
    pub async fn run(
        &self,
        caller: &Caller,
        id: MessageId,
        emoji: Emoji,
        on: bool,
    ) -> Result<MessageView, Error> {
        let (_, inside) = self.amender.find(caller, id).await?;
        self.amender.may_write(&inside).await?;
        let change = Change::React { emoji, on };
        self.amender.amend(caller, &inside, id, change).await
    }
}

#[cfg(test)]
mod tests {
    use domain::port::bus::{MessageChange, Notice, RoomChange};
    use domain::{Message, Refusal};

    use super::*;
    use crate::testing::{Stage, refusal};

    fn emoji(text: &str) -> Emoji {
        Emoji::parse(text).unwrap()
    }

    #[tokio::test]
    async fn who_may_write_may_react() {
        let stage = Stage::new().await;
        let react = React::new(&stage.world.ports);
        let verdicts =
            stage.table(async |who, spot| react.run(&who, spot.others, emoji("👍"), true).await);
        assert_eq!(
            verdicts.await,
            [
                "forbidden banned ok muted ok ok",
                "unknown unknown ok muted ok ok",
                "unknown ok",
            ]
        );
    }

    #[tokio::test]
    async fn a_reaction_is_counted_told_and_taken_back() {
        let stage = Stage::new().await;
        let react = React::new(&stage.world.ports);
        let message = stage.world.post(stage.public, &stage.owner, "well").await;
        let mut ear = stage.world.ear().await;
        for (on, count) in [(true, 1), (false, 0)] {
            let view = react
                .run(&stage.member, message.id, emoji("👍"), on)
                .await
                .unwrap();
            let counted: i64 = view.message.reactions.iter().map(|r| r.count).sum();
            assert_eq!(counted, count);
            assert!(view.message.reactions.iter().all(|reaction| reaction.mine));
            let told = MessageChange::Reacted {
                user: stage.member.user,
                emoji: emoji("👍"),
                on,
            };
            let changes = vec![RoomChange::Message(Box::new(view.message), told)];
            let room = stage.public;
            assert_eq!(ear.only(), Notice::Changed { room, changes });
        }
    }

    #[tokio::test]
    async fn who_is_blocked_does_not_react_to_the_blocker() {
        let stage = Stage::new().await;
        let react = React::new(&stage.world.ports);
        let message = stage.world.post(stage.direct, &stage.author, "well").await;
        let blocks = &stage.world.ports.blocks;
        let block = blocks.block(stage.author.user, stage.member.user, stage.world.now());
        block.await.unwrap();
        let answer = react.run(&stage.member, message.id, emoji("👍"), true);
        assert_eq!(refusal(answer.await), Refusal::Blocked);
        let own = react.run(&stage.author, message.id, emoji("👍"), true);
        assert!(own.await.is_ok());
    }

    #[tokio::test]
    async fn reacting_again_is_not_told_again() {
        let stage = Stage::new().await;
        let react = React::new(&stage.world.ports);
        let message = stage.world.post(stage.public, &stage.owner, "well").await;
        let run = async |on| {
            let done = react.run(&stage.member, message.id, emoji("👍"), on);
            done.await.unwrap().message.rev
        };
        let first = run(true).await;
        let mut ear = stage.world.ear().await;
        assert_eq!(run(true).await, first);
        assert_eq!(ear.heard(), []);
    }

    #[tokio::test]
    async fn different_emoji_are_bounded() {
        let stage = Stage::new().await;
        let react = React::new(&stage.world.ports);
        let message = stage.world.post(stage.public, &stage.owner, "well").await;
        let letters = ('🇦'..='🇿').map(|letter| format!("🇲{letter}"));
        let flags: Vec<Emoji> = letters.filter_map(|flag| Emoji::parse(flag).ok()).collect();
        let (fitting, over) = flags.split_at(Message::MAX_REACTIONS);
        for flag in fitting {
            let done = react.run(&stage.member, message.id, flag.clone(), true);
            done.await.unwrap();
        }
        let one_more = over.first().unwrap().clone();
        let answer = react.run(&stage.owner, message.id, one_more, true).await;
        assert!(matches!(refusal(answer), Refusal::TooMany(_)));
        let known = fitting.first().unwrap().clone();
        let again = react.run(&stage.owner, message.id, known, true).await;
        assert!(again.is_ok());
    }

    #[tokio::test]
    async fn a_tombstone_takes_no_reaction() {
        let stage = Stage::new().await;
        let react = React::new(&stage.world.ports);
        let tombstone = stage.tombstone(stage.public, &stage.owner).await;
        for on in [true, false] {
            let answer = react.run(&stage.member, tombstone, emoji("👍"), on).await;
            assert_eq!(refusal(answer), Refusal::MessageDeleted);
        }
        // A caller who may not write is refused before anything else.
        let answer = react.run(&stage.silenced, tombstone, emoji("👍"), true);
        assert!(matches!(refusal(answer.await), Refusal::Muted { .. }));
    }
}
