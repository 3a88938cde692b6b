//! Subscribing to what happens in rooms.

use std::collections::HashMap;
use std::sync::Arc;

use domain::port::Rooms;
use domain::port::room_log::Head;
use domain::port::rooms::Access;
use domain::{Cursors, Message, Refusal, Rev, RoomId, Seq, Timestamp};

use super::log::{Log, Replay};
use crate::access::{inside, member};
use crate::present::Everyone;
use crate::{Caller, Error, Ports};

/// How many rooms are looked up per query; stores limit the number of ids in one.
const STRETCH: usize = 500;

/// A member's admission to the events of a room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Admitted {
    /// Messages up to and including this `seq` are not visible to the member.
    pub floor: Seq,
    /// The room's last rev.
    pub rev: Rev,
    /// The room's last sequence number.
    pub seq: Seq,
    /// The member's cursors.
    pub cursors: Cursors,
    /// How many members the room has.
    pub members: i64,
    /// When the member joined.
    pub joined_at: Timestamp,
    /// The rev of the last change to the membership.
    pub member_rev: Rev,
}

impl Admitted {
    /// Whether a message predates the member's joining. The clocks of nodes differ, so a message with a
    /// higher rev than the membership is newer, whatever its timestamp.
    pub fn was_before(&self, message: &Message) -> bool {
        message.created_at < self.joined_at && message.rev < self.member_rev
    }

    /// The head of the room, which must be the one that this admission is for.
    pub const fn head(&self, room: RoomId) -> Head {
        Head {
            room,
            rev: self.rev,
            seq: self.seq,
        }
    }
}

/// Admits members to the events of their rooms, from now on or from a given rev on.
///
/// Every answer is read from the store: a client that loses access to a room must be found out even if
/// no notice of it arrives on the bus.
pub struct Subscribe {
    rooms: Arc<dyn Rooms>,
    log: Log,
}

/// Whether the caller is admitted to a room's events.
type Answer = (RoomId, Result<Admitted, Refusal>);

impl Subscribe {
    pub(crate) fn new(ports: &Ports, everyone: &Everyone) -> Self {
        Self {
            rooms: Arc::clone(&ports.rooms),
            log: Log::new(ports, everyone),
        }
    }

    /// To which of these rooms the caller is admitted, in the order given.
    #[tracing::instrument(skip_all, name = "subscribe")]
    pub async fn run(&self, caller: &Caller, rooms: &[RoomId]) -> Result<Vec<Answer>, Error> {
        let mut known: HashMap<RoomId, Result<Admitted, Refusal>> = HashMap::new();
        for stretch in rooms.chunks(STRETCH) {
            let accesses = self.rooms.accesses(stretch, caller.user).await?;
            known.extend(accesses.into_iter().map(|a| (a.room.id, admitted(a))));
        }
        let answer = |room: &RoomId| known.get(room).cloned();
        Ok(rooms
            .iter()
            .map(|room| (*room, answer(room).unwrap_or(Err(Refusal::NotFound))))
            .collect())
    }

    /// What changed in a room after a rev, as far as the caller may read it: at most `limit` items, and
    /// a limited amount of text.
    pub async fn replay(
        &self,
        caller: &Caller,
        room: RoomId,
        since: Rev,
        limit: usize,
    ) -> Result<Replay, Error> {
        let inside = inside(&*self.rooms, room, caller.user).await?;
        let replay = self.log.read(&inside.view(), since, limit).await?;
        Ok(replay.ok_or(Refusal::NotFound)?)
    }
}

fn admitted(access: Access) -> Result<Admitted, Refusal> {
    let inside = member(access)?;
    Ok(Admitted {
        floor: inside.membership.from_seq,
        rev: inside.room.last_rev,
        seq: inside.room.last_seq,
        cursors: inside.membership.cursors,
        members: inside.room.member_count,
        joined_at: inside.membership.joined_at,
        member_rev: inside.membership.rev,
    })
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use domain::port::IdsExt as _;

    use super::*;
    use crate::ChangeView;
    use crate::present::Names;
    use crate::testing::{Stage, seq};

    fn subscribe(stage: &Stage) -> Subscribe {
        let ports = &stage.world.ports;
        let names = Arc::new(Names::new(ports));
        Subscribe::new(ports, &Everyone::new(ports, &names))
    }

    const VERDICTS: [&str; 3] = [
        "forbidden banned ok ok ok ok",
        "unknown unknown ok ok ok ok",
        "unknown ok",
    ];

    #[tokio::test]
    async fn members_are_admitted_and_others_are_told_what_they_may_know() {
        let stage = Stage::new().await;
        let subscribe = subscribe(&stage);
        let verdicts = stage.table(async |who, spot| {
            let answers = subscribe.run(&who, &[spot.room]).await?;
            let [(room, answer)] = <[_; 1]>::try_from(answers).unwrap();
            assert_eq!(room, spot.room);
            Ok(answer?)
        });
        assert_eq!(verdicts.await, VERDICTS);
    }

    #[tokio::test]
    async fn members_catch_up_and_others_are_told_what_they_may_know() {
        let stage = Stage::new().await;
        let subscribe = subscribe(&stage);
        let verdicts =
            stage.table(async |who, spot| subscribe.replay(&who, spot.room, Rev::ZERO, 10).await);
        assert_eq!(verdicts.await, VERDICTS);
    }

    #[tokio::test]
    async fn every_room_has_its_own_answer_in_the_order_asked_for() {
        let stage = Stage::new().await;
        let subscribe = subscribe(&stage);
        let nowhere = stage.world.ports.ids.next();
        let rooms = [nowhere, stage.direct, stage.public, stage.direct];
        let answers = subscribe.run(&stage.author, &rooms).await.unwrap();
        let told: Vec<_> = answers.iter().map(|(room, a)| (*room, a.is_ok())).collect();
        let expected = rooms.map(|room| (room, room != nowhere));
        assert_eq!(told, expected);
        assert_eq!(answers[0].1, Err(Refusal::NotFound));
    }

    #[tokio::test]
    async fn who_is_admitted_learns_where_the_room_and_they_stand() {
        let stage = Stage::new().await;
        let subscribe = subscribe(&stage);
        let (room, before, after) = stage.joined_room().await;
        let mut answers = subscribe.run(&stage.member, &[room]).await.unwrap();
        let expected = Admitted {
            floor: before.seq,
            rev: after.rev,
            seq: after.seq,
            cursors: Cursors {
                read: seq(1),
                delivered: seq(1),
            },
            members: 2,
            joined_at: before.created_at,
            member_rev: before.rev.next(),
        };
        assert_eq!(answers.pop(), Some((room, Ok(expected))));
        // However far the clocks of nodes differ, what has a higher rev is newer.
        let later = Admitted {
            joined_at: after.created_at + Duration::from_secs(1),
            ..expected
        };
        assert!(later.was_before(&before));
        assert!(!later.was_before(&after));
    }

    #[tokio::test]
    async fn what_was_before_ones_time_is_not_replayed() {
        let stage = Stage::new().await;
        let subscribe = subscribe(&stage);
        let (room, _, after) = stage.joined_room().await;
        let replay = subscribe.replay(&stage.member, room, Rev::ZERO, 10).await;
        let replay = replay.unwrap();
        let places: Vec<_> = replay.changes.iter().filter_map(ChangeView::seq).collect();
        assert_eq!(places, [after.seq]);
        assert_eq!((replay.up_to, replay.last), (after.rev, after.rev));
    }
}
