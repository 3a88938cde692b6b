//! Reading a thread.

use std::sync::Arc;

use domain::port::{Messages, Rooms};
use domain::{MessageId, Seq};

use super::place::place;
use crate::access::readable;
use crate::present::MessageViews;
use crate::view::one_more;
use crate::{Caller, Error, MessageView, Page, Ports};

/// Shows members the replies to a message, oldest first. A reply to a reply belongs to the thread of
/// the root message, so a reply has no thread of its own.
pub struct ReadReplies {
    rooms: Arc<dyn Rooms>,
    messages: Arc<dyn Messages>,
    views: MessageViews,
}

impl ReadReplies {
    pub(crate) fn new(ports: &Ports) -> Self {
        Self {
            rooms: Arc::clone(&ports.rooms),
            messages: Arc::clone(&ports.messages),
            views: MessageViews::new(ports),
        }
    }

    /// One page of replies, starting after the given one.
    #[tracing::instrument(skip_all, name = "read_replies")]
    pub async fn run(
        &self,
        caller: &Caller,
        id: MessageId,
        after: Option<MessageId>,
        limit: usize,
    ) -> Result<Page<MessageView, MessageId>, Error> {
        let (root, inside) = readable(&*self.rooms, &*self.messages, id, caller.user).await?;
        let after = match after {
            Some(reply) => place(&*self.messages, &inside, "cursor", reply).await?,
            None => Seq::ZERO,
        };
        let replies = self
            .messages
            .replies(&inside.view(), root.id, after, one_more(limit))
            .await?;
        let Page { items, next } = Page::cut(replies, limit, |message| message.id);
        let items = self.views.show(caller.user, &[&inside.room], items).await?;
        Ok(Page { items, next })
    }
}

#[cfg(test)]
mod tests {
    use domain::Message;
    use domain::port::messages::ReplyTo;

    use super::*;
    use crate::testing::{Stage, bad_field};

    async fn reply(stage: &Stage, to: &Message, text: &str) -> Message {
        let mut new = stage.world.message(to.room, &stage.member, text);
        new.reply_to = Some(ReplyTo {
            message: to.id,
            thread: to.thread_root(),
        });
        stage.world.append(new).await
    }

    #[tokio::test]
    async fn members_read_and_others_are_told_what_they_may_know() {
        let stage = Stage::new().await;
        let replies = ReadReplies::new(&stage.world.ports);
        let verdicts = stage.table(async |who, spot| replies.run(&who, spot.others, None, 5).await);
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
    async fn a_thread_rises_page_by_page_with_replies_to_replies() {
        let stage = Stage::new().await;
        let replies = ReadReplies::new(&stage.world.ports);
        let root = stage.world.post(stage.public, &stage.owner, "root").await;
        let first = reply(&stage, &root, "first").await;
        let second = reply(&stage, &first, "second").await;
        stage.world.post(stage.public, &stage.owner, "else").await;
        let third = reply(&stage, &root, "third").await;
        stage.delete(&first).await;

        let run = async |after| {
            let page = replies.run(&stage.member, root.id, after, 2).await.unwrap();
            let ids: Vec<_> = page.items.iter().map(|view| view.message.id).collect();
            (ids, page.next)
        };
        assert_eq!(
            run(None).await,
            (vec![first.id, second.id], Some(second.id))
        );
        assert_eq!(run(Some(second.id)).await, (vec![third.id], None));
        let of_reply = replies.run(&stage.member, first.id, None, 5).await;
        assert_eq!(of_reply.unwrap().items, []);
    }

    #[tokio::test]
    async fn a_cursor_is_a_message_of_the_room() {
        let stage = Stage::new().await;
        let replies = ReadReplies::new(&stage.world.ports);
        let root = stage.world.post(stage.public, &stage.owner, "root").await;
        let elsewhere = stage.world.post(stage.private, &stage.owner, "here").await;
        let answer = replies.run(&stage.member, root.id, Some(elsewhere.id), 5);
        assert_eq!(bad_field(answer.await), "cursor");
    }
}
