//! Replaying what changed in a room.

use std::sync::Arc;

use domain::port::RoomLog;
use domain::port::bus::{MemberChange, MessageChange, RoomChange};
use domain::port::messages::View;
use domain::port::room_log::Changes;
use domain::{Failure, Membership, Message, Rev, Role};

use crate::portion::bounded;
use crate::present::Everyone;
use crate::{ChangeView, Ports};

/// A range of a room's changes, read back from the store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replay {
    /// The changed items in their current state, ordered by rev.
    pub changes: Vec<ChangeView>,
    /// Every change up to this rev is included, was superseded by a later one, or is not visible to the
    /// reader.
    pub up_to: Rev,
    /// Whether there are changes after `up_to`.
    pub more: bool,
    /// The room's current rev. A `since` beyond it came from another store.
    pub last: Rev,
}

/// Replays changes in the form in which they are announced live.
#[derive(Clone)]
pub(super) struct Log {
    room_log: Arc<dyn RoomLog>,
    everyone: Everyone,
}

impl Log {
    pub(super) fn new(ports: &Ports, everyone: &Everyone) -> Self {
        Self {
            room_log: Arc::clone(&ports.room_log),
            everyone: everyone.clone(),
        }
    }

    /// What changed after a rev, up to `limit` items and a limited amount of text; `None` if the room
    /// has been deleted.
    pub(super) async fn read(
        &self,
        view: &View,
        since: Rev,
        limit: usize,
    ) -> Result<Option<Replay>, Failure> {
        let Some(changes) = self.room_log.changes(view, since, limit).await? else {
            return Ok(None);
        };
        let changes = bounded(changes);
        let (up_to, more, last) = (changes.up_to, changes.more, changes.last);
        let told = vec![(view.room, told(changes))];
        let shown = self.everyone.show(told).await?;
        let mut changes: Vec<ChangeView> = shown.into_iter().flat_map(|(_, views)| views).collect();
        changes.sort_unstable_by_key(ChangeView::rev);
        Ok(Some(Replay {
            changes,
            up_to,
            more,
            last,
        }))
    }
}

/// Changes as they might have been announced. The store keeps only the current state, so how it came
/// about is a guess.
fn told(changes: Changes) -> Vec<RoomChange> {
    let messages = changes.messages.into_iter().map(|message| {
        let how = message_change(&message);
        RoomChange::Message(Box::new(message), how)
    });
    let members = changes.members.into_iter().map(|membership| {
        let how = member_change(&membership);
        RoomChange::Member(membership, how)
    });
    let room = changes.room.map(|room| RoomChange::Room(Box::new(room)));
    messages.chain(members).chain(room).collect()
}

/// A message without a trace of a change counts as new, even if a reaction was added and removed again.
fn message_change(message: &Message) -> MessageChange {
    let untouched = message.edited_at.is_none()
        && message.reactions.is_empty()
        && message.reply_count == 0
        && !message.pinned;
    if message.deleted_at.is_some() {
        MessageChange::Deleted
    } else if untouched {
        MessageChange::Created
    } else {
        MessageChange::Updated
    }
}

/// A tombstone only shows that the member is gone, which counts as having left. Members join with the
/// plain role, so any other role was given since; a member who lost it again counts as having joined.
const fn member_change(membership: &Membership) -> MemberChange {
    match (membership.left_at, membership.role) {
        (Some(_), _) => MemberChange::Left,
        (None, Role::Member) => MemberChange::Joined,
        (None, Role::Admin | Role::Owner) => MemberChange::Role,
    }
}

#[cfg(test)]
mod tests {
    use domain::port::messages::{Amendment, Change};
    use domain::port::rooms::Step;
    use domain::{Emoji, Timestamp};

    use super::*;
    use crate::present::Names;
    use crate::testing::{Stage, body};

    fn log(stage: &Stage) -> Log {
        let ports = &stage.world.ports;
        Log::new(ports, &Everyone::new(ports, &Arc::new(Names::new(ports))))
    }

    #[tokio::test]
    async fn what_became_of_a_message_is_told_by_its_state() {
        let stage = Stage::new().await;
        let message = stage.world.post(stage.public, &stage.author, "hi").await;
        assert_eq!(message_change(&message), MessageChange::Created);
        let at = Some(Timestamp::from_millis(0));
        let reactions = vec![domain::Reaction {
            emoji: Emoji::parse("👍").unwrap(),
            count: 1,
            mine: false,
        }];
        for (how, message) in [
            (
                MessageChange::Updated,
                Message {
                    edited_at: at,
                    ..message.clone()
                },
            ),
            (
                MessageChange::Updated,
                Message {
                    reactions,
                    ..message.clone()
                },
            ),
            (
                MessageChange::Updated,
                Message {
                    reply_count: 1,
                    ..message.clone()
                },
            ),
            (
                MessageChange::Updated,
                Message {
                    pinned: true,
                    ..message.clone()
                },
            ),
            (
                MessageChange::Deleted,
                Message {
                    deleted_at: at,
                    reply_count: 1,
                    ..message
                },
            ),
        ] {
            assert_eq!(message_change(&message), how);
        }
    }

    #[tokio::test]
    async fn what_became_of_a_member_is_told_by_their_state() {
        let stage = Stage::new().await;
        let member = stage.world.membership(stage.public, &stage.member).await;
        assert_eq!(member_change(&member), MemberChange::Joined);
        for role in [Role::Admin, Role::Owner] {
            let risen = Membership {
                role,
                ..member.clone()
            };
            assert_eq!(member_change(&risen), MemberChange::Role);
            let left_at = Some(Timestamp::from_millis(0));
            let gone = Membership { left_at, ..risen };
            assert_eq!(member_change(&gone), MemberChange::Left);
        }
    }

    #[tokio::test]
    async fn a_room_is_read_back_by_rev_page_by_page() {
        let stage = Stage::new().await;
        let (world, log) = (&stage.world, log(&stage));
        let room = world.room(&stage.owner).await.id;
        let first = world.post(room, &stage.owner, "one").await;
        world.join(room, &stage.member).await;
        world.post(room, &stage.member, "two").await;
        let edit = Step::Edit(domain::port::rooms::RoomEdit {
            description: domain::Edit::Set(domain::Description::parse("for tests").unwrap()),
            ..Default::default()
        });
        world.act(room, stage.owner.user, vec![edit]).await;
        let amendment = Amendment {
            message: first.id,
            room,
            by: stage.owner.user,
            at: world.now(),
            change: Change::Edit {
                body: body("won"),
                mentions: Vec::new(),
            },
            events: Vec::new(),
        };
        world.ports.messages.amend(&amendment).await.unwrap();

        let mut told = Vec::new();
        let (mut at, mut more) = (Rev::ZERO, true);
        while more {
            let replay = log.read(&View::whole(room), at, 2).await.unwrap().unwrap();
            assert_eq!(replay.last.get(), 7);
            assert!(replay.changes.iter().all(|change| change.rev() > at));
            told.extend(replay.changes);
            (at, more) = (replay.up_to, replay.more);
        }
        assert_eq!(at.get(), 7);
        let told: Vec<(i64, &str)> = told
            .iter()
            .map(|change| {
                let what = match change {
                    ChangeView::Message(_, MessageChange::Created) => "created",
                    ChangeView::Message(_, MessageChange::Updated) => "updated",
                    ChangeView::Message(..) => "otherwise",
                    ChangeView::Member(_, MemberChange::Joined) => "joined",
                    ChangeView::Member(..) => "role",
                    ChangeView::Room(_) => "room",
                    ChangeView::RoomDeleted(_) => "gone",
                };
                (change.rev().get(), what)
            })
            .collect();
        // The owner's seat, and then what was not overtaken by something later.
        let expected = [
            (2, "role"),
            (4, "joined"),
            (5, "created"),
            (6, "room"),
            (7, "updated"),
        ];
        assert_eq!(told, expected);
    }

    #[tokio::test]
    async fn what_is_not_a_readers_is_passed_over() {
        let stage = Stage::new().await;
        let (room, before, after) = stage.joined_room().await;
        let floored = View {
            floor: before.seq,
            ..View::whole(room)
        };
        let replay = log(&stage).read(&floored, Rev::ZERO, 10).await;
        let replay = replay.unwrap().unwrap();
        let places: Vec<_> = replay.changes.iter().filter_map(ChangeView::seq).collect();
        assert_eq!(places, [after.seq]);
        assert_eq!(replay.up_to, after.rev);
    }
}
