//! Translates room events for clients that know only messages, and no sequence numbers.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use domain::port::messages::{View, Window};
use domain::port::{Messages, Rooms};
use domain::{Cursors, Failure, Message, MessageId, Room, RoomId, Seq, User, UserId};

use crate::present::{MessageViews, Names};
use crate::{MessageView, Ports, Reach};

/// Maximum number of messages reported when one cursor move passes many at once.
const MOST: usize = 50;
/// The same limit when the cursor's previous position is unknown.
const FEW: usize = 10;
/// How many messages [`Retell::newest`] returns.
const NEWEST: usize = 50;

/// What a receipt means in terms of messages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// The message that the member's cursor has reached, and whether it was read or only delivered.
    pub up_to: Option<(MessageId, Reach)>,
    /// The reach across all readers of each passed message, where it is beyond [`Reach::Sent`].
    pub reached: Vec<(MessageId, Reach)>,
}

/// Translates what happens in a room for clients that know only messages, and no sequence numbers.
///
/// Like [`Feed`](super::Feed), this is only called by the node itself, so it performs no access checks.
pub struct Retell {
    rooms: Arc<dyn Rooms>,
    messages: Arc<dyn Messages>,
    views: MessageViews,
    names: Arc<Names>,
}

impl Retell {
    pub(crate) fn new(ports: &Ports, names: &Arc<Names>) -> Self {
        Self {
            rooms: Arc::clone(&ports.rooms),
            messages: Arc::clone(&ports.messages),
            views: MessageViews::new(ports),
            names: Arc::clone(names),
        }
    }

    /// Translates a move of a member's cursors to `cursors` into messages. `before` is where they were,
    /// if that is known.
    pub async fn progress(
        &self,
        room: RoomId,
        user: UserId,
        cursors: Cursors,
        before: Option<Cursors>,
    ) -> Result<Progress, Failure> {
        let Some(access) = self.rooms.access(room, user).await? else {
            return Ok(Progress::default());
        };
        let (reach, passed) = passed(cursors, before);
        let (from, to) = passed;
        let limit = usize::try_from(to.after(from)).unwrap_or(MOST);
        let view = View::whole(room);
        let page = self.messages.page(&view, Window::After(from), limit);
        let page = page.await?;
        // Posting a message moves the sender's own cursors, which is not worth reporting.
        let last = page
            .last()
            .filter(|message| message.seq == to && message.sender != user);
        Ok(Progress {
            up_to: last.map(|message| (message.id, reach)),
            reached: self.reached(&access.room, user, page).await?,
        })
    }

    /// How far these messages have come, as their senders see it.
    async fn reached(
        &self,
        room: &Room,
        reader: UserId,
        passed: Vec<Message>,
    ) -> Result<Vec<(MessageId, Reach)>, Failure> {
        let mut sent: BTreeMap<UserId, Vec<Message>> = BTreeMap::new();
        for message in passed {
            if message.sender != reader {
                sent.entry(message.sender).or_default().push(message);
            }
        }
        let mut reached = Vec::new();
        for (sender, messages) in sent {
            let views = self.views.show(sender, &[room], messages).await?;
            let come = |view: MessageView| Some((view.message.id, view.reach?));
            let come = views.into_iter().filter_map(come);
            reached.extend(come.filter(|(_, reach)| *reach != Reach::Sent));
        }
        Ok(reached)
    }

    /// The newest messages of a room, oldest first, with nothing in them that is specific to one
    /// reader.
    pub async fn newest(&self, room: RoomId) -> Result<Vec<MessageView>, Failure> {
        let view = View::whole(room);
        let newest = self.messages.page(&view, Window::Newest, NEWEST).await?;
        // No message was sent by this view's reader, so without rooms no reach is looked up.
        self.views.show(view.reader, &[], newest).await
    }

    /// A user's public record.
    pub async fn person(&self, user: UserId) -> Result<Option<Arc<User>>, Failure> {
        let mut people = self.names.of(&BTreeSet::from([user])).await?;
        Ok(people.remove(&user))
    }
}

/// Which cursor moved, and the range it passed: after the first `Seq`, up to and including the second.
fn passed(cursors: Cursors, before: Option<Cursors>) -> (Reach, (Seq, Seq)) {
    let Cursors { read, delivered } = cursors;
    let has_read = before.map_or(read == delivered, |before| before.read < read);
    let (reach, to) = if has_read {
        (Reach::Read, read)
    } else {
        (Reach::Delivered, delivered)
    };
    let from = before.map(|before| match reach {
        Reach::Read => before.read,
        Reach::Sent | Reach::Delivered => before.delivered,
    });
    let before_it = |places: i64| Seq::new(to.get().saturating_sub(places).max(0));
    let most = if from.is_some() { MOST } else { FEW };
    let least = i64::try_from(most).ok().and_then(before_it);
    let least = least.unwrap_or(Seq::ZERO);
    (reach, (from.unwrap_or(least).max(least).min(to), to))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Stage, seq};

    fn retell(stage: &Stage) -> Retell {
        let ports = &stage.world.ports;
        Retell::new(ports, &Arc::new(Names::new(ports)))
    }

    fn cursors(read: i64, delivered: i64) -> Cursors {
        Cursors {
            read: seq(read),
            delivered: seq(delivered),
        }
    }

    #[test]
    fn what_was_passed_is_what_comes_after_where_the_cursor_stood() {
        let cases = [
            (cursors(0, 3), None, (Reach::Delivered, 0, 3)),
            (cursors(30, 30), None, (Reach::Read, 20, 30)),
            (cursors(0, 3), Some(cursors(0, 1)), (Reach::Delivered, 1, 3)),
            (cursors(2, 3), Some(cursors(0, 3)), (Reach::Read, 0, 2)),
            (cursors(90, 90), Some(cursors(0, 0)), (Reach::Read, 40, 90)),
            (cursors(0, 0), None, (Reach::Read, 0, 0)),
        ];
        for (now, before, (reach, from, to)) in cases {
            let expected = (reach, (seq(from), seq(to)));
            assert_eq!(passed(now, before), expected);
        }
    }

    #[tokio::test]
    async fn a_message_has_come_as_far_as_the_last_of_its_readers() {
        let stage = Stage::new().await;
        let retell = retell(&stage);
        let message = stage.world.post(stage.direct, &stage.author, "hi").await;
        let at = message.seq.get();
        let reader = stage.member.user;
        for (moved, reach) in [
            (cursors(0, at), Reach::Delivered),
            (cursors(at, at), Reach::Read),
        ] {
            stage.world.advance(stage.direct, reader, moved).await;
            let progress = retell
                .progress(stage.direct, reader, moved, None)
                .await
                .unwrap();
            assert_eq!(progress.up_to, Some((message.id, reach)));
            assert_eq!(progress.reached, [(message.id, reach)]);
        }
    }

    #[tokio::test]
    async fn the_newest_are_shown_oldest_first_and_as_nobodys_own() {
        let stage = Stage::new().await;
        let retell = retell(&stage);
        let room = stage.world.room(&stage.owner).await.id;
        for number in 1..=60 {
            stage
                .world
                .post(room, &stage.owner, &number.to_string())
                .await;
        }
        let newest = retell.newest(room).await.unwrap();
        let seqs: Vec<i64> = newest.iter().map(|view| view.message.seq.get()).collect();
        assert_eq!(seqs, (11..=60).collect::<Vec<_>>());
        assert!(newest.iter().all(|view| view.reach.is_none()));
    }

    #[tokio::test]
    async fn people_are_known_by_name() {
        let stage = Stage::new().await;
        let retell = retell(&stage);
        let found = retell.person(stage.owner.user).await.unwrap().unwrap();
        assert_eq!(found.id, stage.owner.user);
        assert_eq!(found.email, None);
    }
}
