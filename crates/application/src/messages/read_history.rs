//! Reading the history of a room.

use std::sync::Arc;

use domain::port::messages::Window;
use domain::port::{Messages, Rooms};
use domain::{Message, MessageId, RoomId, Seq};

use super::place::place;
use crate::access::{Inside, inside};
use crate::present::MessageViews;
use crate::{Caller, Error, MessageView, Page, Ports};

/// Which part of the history to read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stretch {
    /// The newest messages.
    Newest,
    /// Those before a message: the page after the one that ended with it.
    Before(MessageId),
    /// The first ones after a position, in ascending order.
    After(Seq),
    /// Those around a position, half on each side.
    Around(Seq),
}

/// Shows members a room's messages, newest first; only [`Stretch::After`] is in ascending order.
pub struct ReadHistory {
    rooms: Arc<dyn Rooms>,
    messages: Arc<dyn Messages>,
    views: MessageViews,
}

impl ReadHistory {
    pub(crate) fn new(ports: &Ports) -> Self {
        Self {
            rooms: Arc::clone(&ports.rooms),
            messages: Arc::clone(&ports.messages),
            views: MessageViews::new(ports),
        }
    }

    /// One page. Its `next` leads to the older page, while there is anything older to read.
    #[tracing::instrument(skip_all, name = "read_history")]
    pub async fn run(
        &self,
        caller: &Caller,
        room: RoomId,
        stretch: Stretch,
        limit: usize,
    ) -> Result<Page<MessageView, MessageId>, Error> {
        let inside = inside(&*self.rooms, room, caller.user).await?;
        let window = self.window(&inside, stretch).await?;
        let mut page = self.messages.page(&inside.view(), window, limit).await?;
        let rising = matches!(stretch, Stretch::After(_));
        let next = page
            .first()
            .filter(|oldest| !rising && has_older(&inside, oldest))
            .map(|oldest| oldest.id);
        if !rising {
            page.reverse();
        }
        let items = self.views.show(caller.user, &[&inside.room], page).await?;
        Ok(Page { items, next })
    }

    async fn window(&self, inside: &Inside, stretch: Stretch) -> Result<Window, Error> {
        Ok(match stretch {
            Stretch::Newest => Window::Newest,
            Stretch::Before(id) => {
                Window::Before(place(&*self.messages, inside, "cursor", id).await?)
            }
            Stretch::After(seq) => Window::After(seq),
            Stretch::Around(seq) => Window::Around(seq),
        })
    }
}

/// Sequence numbers have no gaps, so the first readable message directly follows `from_seq`.
fn has_older(inside: &Inside, message: &Message) -> bool {
    message.seq > inside.membership.from_seq.next()
}

#[cfg(test)]
mod tests {
    use domain::Refusal;
    use uuid::Uuid;

    use super::*;
    use crate::Reach;
    use crate::testing::{Stage, bad_field, refusal, seq};

    /// A room with ten messages.
    async fn filled(stage: &Stage) -> RoomId {
        let room = stage.world.room(&stage.owner).await.id;
        for number in 1..=10 {
            let text = number.to_string();
            stage.world.post(room, &stage.owner, &text).await;
        }
        room
    }

    fn seqs(page: &Page<MessageView, MessageId>) -> Vec<i64> {
        let seqs = page.items.iter().map(|view| view.message.seq.get());
        seqs.collect()
    }

    #[tokio::test]
    async fn members_read_and_others_are_told_what_they_may_know() {
        let stage = Stage::new().await;
        let history = ReadHistory::new(&stage.world.ports);
        let verdicts =
            stage.table(async |who, spot| history.run(&who, spot.room, Stretch::Newest, 5).await);
        assert_eq!(
            verdicts.await,
            [
                "forbidden banned ok ok ok ok",
                "unknown unknown ok ok ok ok",
                "unknown ok",
            ]
        );
        let nowhere = RoomId::from_uuid(Uuid::nil());
        let answer = history.run(&stage.owner, nowhere, Stretch::Newest, 5).await;
        assert_eq!(refusal(answer), Refusal::NotFound);
    }

    #[tokio::test]
    async fn pages_lead_back_to_the_beginning() {
        let stage = Stage::new().await;
        let history = ReadHistory::new(&stage.world.ports);
        let room = filled(&stage).await;
        let mut stretch = Stretch::Newest;
        let mut met = Vec::new();
        loop {
            let page = history.run(&stage.owner, room, stretch, 4).await.unwrap();
            met.push(seqs(&page));
            match page.next {
                Some(oldest) => stretch = Stretch::Before(oldest),
                None => break,
            }
        }
        assert_eq!(met, [vec![10, 9, 8, 7], vec![6, 5, 4, 3], vec![2, 1]]);
    }

    #[tokio::test]
    async fn a_full_last_page_has_no_next() {
        let stage = Stage::new().await;
        let history = ReadHistory::new(&stage.world.ports);
        let room = filled(&stage).await;
        let page = history.run(&stage.owner, room, Stretch::Newest, 10).await;
        let page = page.unwrap();
        assert_eq!((page.items.len(), page.next), (10, None));
        let empty = stage.world.room(&stage.owner).await.id;
        let page = history.run(&stage.owner, empty, Stretch::Newest, 10).await;
        assert_eq!(seqs(&page.unwrap()), [0; 0]);
    }

    #[tokio::test]
    async fn what_comes_after_a_place_rises() {
        let stage = Stage::new().await;
        let history = ReadHistory::new(&stage.world.ports);
        let room = filled(&stage).await;
        let after = async |place| {
            let stretch = Stretch::After(seq(place));
            let page = history.run(&stage.owner, room, stretch, 3).await.unwrap();
            assert_eq!(page.next, None);
            seqs(&page)
        };
        assert_eq!(after(0).await, [1, 2, 3]);
        assert_eq!(after(8).await, [9, 10]);
        assert_eq!(after(10).await, [0; 0]);
        assert_eq!(after(99).await, [0; 0]);
    }

    #[tokio::test]
    async fn around_a_place_is_half_on_each_side() {
        let stage = Stage::new().await;
        let history = ReadHistory::new(&stage.world.ports);
        let room = filled(&stage).await;
        let around = async |place| {
            let stretch = Stretch::Around(seq(place));
            let page = history.run(&stage.owner, room, stretch, 4).await.unwrap();
            (seqs(&page), page.next.is_some())
        };
        assert_eq!(around(5).await, (vec![7, 6, 5, 4], true));
        assert_eq!(around(1).await, (vec![3, 2, 1], false));
        assert_eq!(around(10).await, (vec![10, 9], true));
    }

    #[tokio::test]
    async fn tombstones_keep_pages_without_holes() {
        let stage = Stage::new().await;
        let history = ReadHistory::new(&stage.world.ports);
        let room = filled(&stage).await;
        stage.tombstone(room, &stage.owner).await;
        let page = history.run(&stage.owner, room, Stretch::Newest, 2).await;
        assert_eq!(seqs(&page.unwrap()), [11, 10]);
    }

    #[tokio::test]
    async fn a_cursor_is_a_message_of_the_room() {
        let stage = Stage::new().await;
        let history = ReadHistory::new(&stage.world.ports);
        let elsewhere = stage.world.post(stage.private, &stage.owner, "here").await;
        let unknown = MessageId::from_uuid(Uuid::nil());
        for id in [elsewhere.id, unknown] {
            let stretch = Stretch::Before(id);
            let answer = history.run(&stage.member, stage.public, stretch, 5).await;
            assert_eq!(bad_field(answer), "cursor");
            // A caller who may not read the room is refused before anything else.
            let answer = history.run(&stage.stranger, stage.public, stretch, 5);
            assert_eq!(refusal(answer.await), Refusal::Forbidden);
        }
    }

    #[tokio::test]
    async fn a_member_reads_from_their_beginning_on() {
        let stage = Stage::new().await;
        let history = ReadHistory::new(&stage.world.ports);
        let (room, before, after) = stage.joined_room().await;
        for stretch in [
            Stretch::Newest,
            Stretch::After(seq(0)),
            Stretch::Around(before.seq),
            Stretch::Around(after.seq),
        ] {
            let page = history.run(&stage.member, room, stretch, 10).await.unwrap();
            assert_eq!((seqs(&page), page.next), (vec![2], None), "{stretch:?}");
        }
        let page = history.run(&stage.member, room, Stretch::Before(after.id), 10);
        assert_eq!(seqs(&page.await.unwrap()), [0; 0]);
        let answer = history.run(&stage.member, room, Stretch::Before(before.id), 10);
        assert_eq!(bad_field(answer.await), "cursor");
    }

    #[tokio::test]
    async fn own_messages_tell_how_far_they_have_come() {
        let stage = Stage::new().await;
        let history = ReadHistory::new(&stage.world.ports);
        stage.world.post(stage.direct, &stage.member, "one").await;
        stage.world.post(stage.direct, &stage.author, "two").await;
        stage.world.post(stage.direct, &stage.member, "three").await;
        let page = history
            .run(&stage.member, stage.direct, Stretch::Newest, 10)
            .await
            .unwrap();
        let reaches: Vec<_> = page.items.iter().map(|view| view.reach).collect();
        // Replying has moved the other one's cursors past the first message.
        assert_eq!(reaches, [Some(Reach::Sent), None, Some(Reach::Read)]);
    }
}
