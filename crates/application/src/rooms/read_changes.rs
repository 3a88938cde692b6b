//! Catching up with a room.

use std::sync::Arc;

use domain::port::room_log::Changes;
use domain::port::{RoomLog, Rooms};
use domain::{Epoch, Refusal, Rev, RoomId};

use super::member_views::MemberViews;
use crate::access::{Inside, inside};
use crate::portion::bounded;
use crate::present::{MessageViews, RoomViews};
use crate::{Caller, ChangesView, Error, Ports};

/// The point from which a reader catches up.
#[derive(Clone, Debug)]
pub struct ChangesSince {
    /// The last rev that the reader has.
    pub rev: Rev,
    /// The incarnation of the store that the rev belongs to, as far as the reader knows it.
    pub epoch: Option<String>,
    /// The maximum number of changes. There may be fewer even if more follow.
    pub limit: usize,
}

/// Shows members what has changed in a room since a rev, in its current state.
pub struct ReadChanges {
    rooms: Arc<dyn Rooms>,
    room_log: Arc<dyn RoomLog>,
    message_views: MessageViews,
    member_views: MemberViews,
    room_views: RoomViews,
}

impl ReadChanges {
    pub(crate) fn new(ports: &Ports) -> Self {
        Self {
            rooms: Arc::clone(&ports.rooms),
            room_log: Arc::clone(&ports.room_log),
            message_views: MessageViews::new(ports),
            member_views: MemberViews::new(ports),
            room_views: RoomViews::new(ports),
        }
    }

    /// The changes since a rev.
    #[tracing::instrument(skip_all, name = "read_changes")]
    pub async fn run(
        &self,
        caller: &Caller,
        room: RoomId,
        since: ChangesSince,
    ) -> Result<ChangesView, Error> {
        let inside = inside(&*self.rooms, room, caller.user).await?;
        let epoch = self.room_log.epoch().await?;
        if since.epoch.is_some_and(|known| known != epoch.as_str()) {
            return Ok(reset(epoch, inside.room.last_rev));
        }
        let changes = self
            .room_log
            .changes(&inside.view(), since.rev, since.limit)
            .await?;
        let changes = changes.ok_or(Refusal::NotFound)?;
        if since.rev > changes.last {
            return Ok(reset(epoch, changes.last));
        }
        self.show(caller, inside, epoch, bounded(changes)).await
    }

    async fn show(
        &self,
        caller: &Caller,
        inside: Inside,
        epoch: Epoch,
        changes: Changes,
    ) -> Result<ChangesView, Error> {
        let messages = self
            .message_views
            .show(caller.user, &[&inside.room], changes.messages)
            .await?;
        let members = self.member_views.show(caller.user, changes.members).await?;
        let room = match changes.room {
            Some(room) => {
                let membership = Some(inside.membership);
                Some(
                    self.room_views
                        .show_one(caller.user, room, membership)
                        .await?,
                )
            }
            None => None,
        };
        Ok(ChangesView {
            epoch,
            messages,
            members,
            room,
            up_to: changes.up_to,
            more: changes.more,
            reset: false,
        })
    }
}

/// The reader's revs belong to another store, or to one that was restored from a backup since.
const fn reset(epoch: Epoch, last: Rev) -> ChangesView {
    ChangesView {
        epoch,
        messages: Vec::new(),
        members: Vec::new(),
        room: None,
        up_to: last,
        more: false,
        reset: true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::portion::MAX_TEXT;
    use crate::testing::{Stage, refusal};

    fn since(rev: Rev, limit: usize) -> ChangesSince {
        ChangesSince {
            rev,
            epoch: None,
            limit,
        }
    }

    async fn room_of(stage: &Stage) -> RoomId {
        let room = stage.world.room(&stage.owner).await.id;
        stage.world.join(room, &stage.member).await;
        stage.world.post(room, &stage.owner, "one").await;
        stage.world.post(room, &stage.member, "two").await;
        room
    }

    #[tokio::test]
    async fn members_catch_up_and_others_are_told_what_they_may_know() {
        let stage = Stage::new().await;
        let changes = ReadChanges::new(&stage.world.ports);
        let verdicts =
            stage.table(async |who, spot| changes.run(&who, spot.room, since(Rev::ZERO, 10)).await);
        assert_eq!(
            verdicts.await,
            [
                "forbidden banned ok ok ok ok",
                "unknown unknown ok ok ok ok",
                "unknown ok",
            ]
        );
        let nowhere = domain::port::IdsExt::next(&*stage.world.ports.ids);
        let answer = changes.run(&stage.owner, nowhere, since(Rev::ZERO, 10));
        assert_eq!(refusal(answer.await), Refusal::NotFound);
    }

    #[tokio::test]
    async fn everything_is_met_once_page_by_page() {
        let stage = Stage::new().await;
        let (changes, room) = (ReadChanges::new(&stage.world.ports), room_of(&stage).await);
        let run = async |at: Rev| {
            let view = changes.run(&stage.member, room, since(at, 2)).await;
            let view = view.unwrap();
            let mut revs: Vec<Rev> = view.messages.iter().map(|view| view.message.rev).collect();
            revs.extend(view.members.iter().map(|view| view.membership.rev));
            revs.extend(view.room.iter().map(|view| view.room.rev));
            revs.sort_unstable();
            assert!(revs.iter().all(|rev| *rev > at && *rev <= view.up_to));
            let revs: Vec<i64> = revs.iter().map(|rev| rev.get()).collect();
            (revs, view.up_to, view.more)
        };
        // Three pages: the room and its owner; the member and a message; another message.
        let (revs, at, more) = run(Rev::ZERO).await;
        assert_eq!((revs, more), (vec![1, 2], true));
        let (revs, at, more) = run(at).await;
        assert_eq!((revs, more), (vec![3, 4], true));
        let (revs, at, more) = run(at).await;
        assert_eq!((revs, more), (vec![5], false));
        assert_eq!(run(at).await, (vec![], at, false));
    }

    #[tokio::test]
    async fn an_answer_holds_so_much_text_and_the_next_one_goes_on() {
        let stage = Stage::new().await;
        let (changes, room) = (ReadChanges::new(&stage.world.ports), room_of(&stage).await);
        let long = "\u{1f332}".repeat(8_000);
        for _ in 0..80 {
            stage.world.post(room, &stage.owner, &long).await;
        }
        let mut met: Vec<Rev> = Vec::new();
        let mut answers = 0;
        let (mut at, mut more) = (Rev::ZERO, true);
        while more {
            let view = changes.run(&stage.member, room, since(at, 1_000)).await;
            let view = view.unwrap();
            let texts = view.messages.iter().map(|view| &view.message.body);
            let size: usize = texts.flatten().map(|body| body.as_str().len()).sum();
            assert!(size <= MAX_TEXT, "{size}");
            met.extend(view.messages.iter().map(|view| view.message.rev));
            met.extend(view.members.iter().map(|view| view.membership.rev));
            met.extend(view.room.iter().map(|view| view.room.rev));
            assert!(view.up_to > at);
            (at, more) = (view.up_to, view.more);
            answers += 1;
        }
        met.sort_unstable();
        let all: Vec<Rev> = (1..=at.get()).filter_map(Rev::new).collect();
        // The room's own rev is its owner's as well.
        met.dedup();
        assert_eq!(met, all);
        assert_eq!(answers, 3);
    }

    #[tokio::test]
    async fn who_left_is_told_of_by_a_tombstone() {
        let stage = Stage::new().await;
        let (changes, room) = (ReadChanges::new(&stage.world.ports), room_of(&stage).await);
        let before = changes.run(&stage.owner, room, since(Rev::ZERO, 10)).await;
        let before = before.unwrap().up_to;
        stage.world.leave(room, &stage.member).await;
        let view = changes.run(&stage.owner, room, since(before, 10)).await;
        let gone = view.unwrap().members.pop().unwrap();
        assert_eq!(gone.person.user.id, stage.member.user);
        assert!(gone.membership.left_at.is_some());
    }

    #[tokio::test]
    async fn what_was_before_ones_time_is_passed_over() {
        let stage = Stage::new().await;
        let changes = ReadChanges::new(&stage.world.ports);
        let (room, _, after) = stage.joined_room().await;
        let view = changes.run(&stage.member, room, since(Rev::ZERO, 10)).await;
        let view = view.unwrap();
        let messages: Vec<_> = view.messages.iter().map(|view| view.message.id).collect();
        assert_eq!(messages, [after.id]);
        assert_eq!(view.up_to, after.rev);
    }

    #[tokio::test]
    async fn revs_of_another_store_are_reset() {
        let stage = Stage::new().await;
        let (changes, room) = (ReadChanges::new(&stage.world.ports), room_of(&stage).await);
        let run = async |rev: i64, epoch: Option<&str>| {
            let since = ChangesSince {
                rev: Rev::new(rev).unwrap(),
                epoch: epoch.map(str::to_owned),
                limit: 10,
            };
            changes.run(&stage.member, room, since).await.unwrap()
        };
        assert!(!run(5, Some("test")).await.reset);
        assert!(!run(5, None).await.reset);
        for view in [run(6, None).await, run(2, Some("another")).await] {
            assert!(view.reset);
            assert_eq!(view.up_to.get(), 5);
            assert!(view.messages.is_empty());
        }
    }
}
