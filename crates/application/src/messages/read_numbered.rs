//! Reading history by page number, for clients that do not know cursors.

use std::sync::Arc;

use domain::port::messages::Window;
use domain::port::{Messages, Rooms, Users};
use domain::{Pair, Refusal, RoomId, RoomKind, Seq, UserId};

use crate::access::{Inside, inside};
use crate::present::MessageViews;
use crate::{Caller, Error, MessageView, NumberedPage, Ports};

/// Shows members numbered pages, newest first. Tombstones count, so that pages have no gaps.
pub struct ReadNumbered {
    rooms: Arc<dyn Rooms>,
    messages: Arc<dyn Messages>,
    users: Arc<dyn Users>,
    views: MessageViews,
}

impl ReadNumbered {
    pub(crate) fn new(ports: &Ports) -> Self {
        Self {
            rooms: Arc::clone(&ports.rooms),
            messages: Arc::clone(&ports.messages),
            users: Arc::clone(&ports.users),
            views: MessageViews::new(ports),
        }
    }

    /// A page of a room, the first being 1.
    pub async fn of_room(
        &self,
        caller: &Caller,
        room: RoomId,
        page: i64,
        limit: usize,
    ) -> Result<NumberedPage<MessageView>, Error> {
        let inside = inside(&*self.rooms, room, caller.user).await?;
        self.page(&inside, page, limit).await
    }

    /// A page of two users' direct room; the caller must be one of them. If they have no such room, it
    /// is empty.
    pub async fn of_pair(
        &self,
        caller: &Caller,
        (one, other): (UserId, UserId),
        page: i64,
        limit: usize,
    ) -> Result<NumberedPage<MessageView>, Error> {
        if caller.user != one && caller.user != other {
            return Err(Refusal::Forbidden.into());
        }
        let pair = Pair::of(one, other).ok_or(Refusal::NotFound)?;
        let partner = pair.other(caller.user);
        if self.users.find(&[partner]).await?.is_empty() {
            return Err(Refusal::NotFound.into());
        }
        let own = self.rooms.of_member(caller.user).await?;
        let direct = own
            .into_iter()
            .find(|(room, _)| room.kind == RoomKind::Direct(pair));
        match direct {
            Some((room, membership)) => {
                let inside = Inside { room, membership };
                self.page(&inside, page, limit).await
            }
            None => Ok(NumberedPage {
                items: Vec::new(),
                number: page,
                pages: 0,
                total: 0,
            }),
        }
    }

    async fn page(
        &self,
        inside: &Inside,
        number: i64,
        limit: usize,
    ) -> Result<NumberedPage<MessageView>, Error> {
        let total = inside.room.last_seq.after(inside.membership.from_seq);
        let size = i64::try_from(limit).unwrap_or(i64::MAX).max(1);
        let messages = match newest_of(inside.room.last_seq, number, size) {
            Some(newest) => {
                let window = Window::Before(newest.next());
                self.messages.page(&inside.view(), window, limit).await?
            }
            None => Vec::new(),
        };
        let newest_first = messages.into_iter().rev().collect();
        let reader = inside.membership.user;
        Ok(NumberedPage {
            items: self
                .views
                .show(reader, &[&inside.room], newest_first)
                .await?,
            number,
            pages: pages(total, size),
            total,
        })
    }
}

/// The newest sequence number on a page, if the page exists. Sequence numbers have no gaps, so pages
/// can be computed by subtraction.
fn newest_of(last: Seq, number: i64, size: i64) -> Option<Seq> {
    let skipped = number.checked_sub(1)?.checked_mul(size)?;
    let newest = Seq::new(last.get().checked_sub(skipped)?)?;
    (number >= 1 && newest > Seq::ZERO).then_some(newest)
}

const fn pages(total: i64, size: i64) -> i64 {
    total / size + if total % size == 0 { 0 } else { 1 }
}

#[cfg(test)]
mod tests {
    use domain::port::IdsExt as _;

    use super::*;
    use crate::testing::{Stage, refusal};

    fn seqs(page: &NumberedPage<MessageView>) -> Vec<i64> {
        let seqs = page.items.iter().map(|view| view.message.seq.get());
        seqs.collect()
    }

    #[tokio::test]
    async fn members_read_and_others_are_told_what_they_may_know() {
        let stage = Stage::new().await;
        let numbered = ReadNumbered::new(&stage.world.ports);
        let verdicts = stage.table(async |who, spot| numbered.of_room(&who, spot.room, 1, 5).await);
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
    async fn pages_fall_and_count_everything_tombstones_included() {
        let stage = Stage::new().await;
        let numbered = ReadNumbered::new(&stage.world.ports);
        let room = stage.world.room(&stage.owner).await.id;
        for text in ["one", "two", "three", "four"] {
            stage.world.post(room, &stage.owner, text).await;
        }
        stage.tombstone(room, &stage.owner).await;
        for (number, expected) in [(1, vec![5, 4]), (2, vec![3, 2]), (3, vec![1]), (4, vec![])] {
            let page = numbered.of_room(&stage.owner, room, number, 2).await;
            let page = page.unwrap();
            assert_eq!(seqs(&page), expected);
            assert_eq!((page.number, page.pages, page.total), (number, 3, 5));
        }
    }

    #[tokio::test]
    async fn what_was_before_ones_time_is_not_counted() {
        let stage = Stage::new().await;
        let numbered = ReadNumbered::new(&stage.world.ports);
        let (room, ..) = stage.joined_room().await;
        let page = numbered.of_room(&stage.member, room, 1, 10).await.unwrap();
        assert_eq!((seqs(&page), page.pages, page.total), (vec![2], 1, 1));
        let page = numbered.of_room(&stage.member, room, 2, 1).await.unwrap();
        assert_eq!(seqs(&page), [0; 0]);
    }

    #[tokio::test]
    async fn a_pairs_page_is_of_their_direct_room() {
        let stage = Stage::new().await;
        let numbered = ReadNumbered::new(&stage.world.ports);
        let message = stage.world.post(stage.direct, &stage.member, "hi").await;
        let (one, other) = (stage.member.user, stage.author.user);
        for (who, pair) in [
            (&stage.member, (one, other)),
            (&stage.member, (other, one)),
            (&stage.author, (one, other)),
        ] {
            let page = numbered.of_pair(who, pair, 1, 10).await.unwrap();
            let ids: Vec<_> = page.items.iter().map(|view| view.message.id).collect();
            assert_eq!(ids, [message.id]);
        }
    }

    #[tokio::test]
    async fn only_the_two_read_a_pairs_page() {
        let stage = Stage::new().await;
        let numbered = ReadNumbered::new(&stage.world.ports);
        let (one, other) = (stage.member.user, stage.author.user);
        let run = async |pair| numbered.of_pair(&stage.owner, pair, 1, 10).await;
        assert_eq!(refusal(run((one, other)).await), Refusal::Forbidden);
        let nobody: UserId = stage.world.ports.ids.next();
        let owner = stage.owner.user;
        for pair in [(owner, nobody), (owner, owner)] {
            assert_eq!(refusal(run(pair).await), Refusal::NotFound);
        }
        let silent = run((owner, one)).await.unwrap();
        assert_eq!((silent.items, silent.pages, silent.total), (vec![], 0, 0));
    }

    #[test]
    fn pages_are_counted_off_from_the_end() {
        let last = Seq::new(25).unwrap();
        let newest = |number| newest_of(last, number, 10).map(Seq::get);
        assert_eq!(newest(1), Some(25));
        assert_eq!(newest(3), Some(5));
        assert_eq!(newest(4), None);
        assert_eq!(newest(0), None);
        assert_eq!(newest(i64::MAX), None);
    }

    #[test]
    fn a_page_that_is_not_full_counts() {
        assert_eq!([0, 1, 10, 11].map(|total| pages(total, 10)), [0, 1, 1, 2]);
    }
}
