//! Moving the read and delivered cursors.

use std::sync::Arc;

use domain::port::bus::Notice;
use domain::port::cursors::{CursorMove, Moved};
use domain::port::{Clock, CursorStore, Messages, RoomLog};
use domain::{MessageId, Refusal, RoomId, Seq};

use super::Standings;
use super::place::place;
use crate::access::{Inside, outsider};
use crate::announce::Announcer;
use crate::{Caller, CursorsMoved, Error, Ports};

/// Which cursor moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CursorKind {
    /// The read cursor, and with it the delivered cursor.
    Read,
    /// The delivered cursor.
    Delivered,
}

/// How far the cursor moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UpTo {
    /// To a message.
    Message(MessageId),
    /// To a sequence number.
    Seq(Seq),
    /// To the last message.
    Everything,
}

/// A cursor that a member wants to move.
#[derive(Clone, Copy, Debug)]
pub struct Reading {
    /// Which cursor.
    pub kind: CursorKind,
    /// How far.
    pub up_to: UpTo,
}

/// Moves members' cursors forward.
pub struct MoveCursors {
    standings: Arc<Standings>,
    messages: Arc<dyn Messages>,
    room_log: Arc<dyn RoomLog>,
    cursors: Arc<dyn CursorStore>,
    clock: Arc<dyn Clock>,
    announcer: Announcer,
}

impl MoveCursors {
    pub(crate) fn new(ports: &Ports, standings: &Arc<Standings>) -> Self {
        Self {
            standings: Arc::clone(standings),
            messages: Arc::clone(&ports.messages),
            room_log: Arc::clone(&ports.room_log),
            cursors: Arc::clone(&ports.cursors),
            clock: Arc::clone(&ports.clock),
            announcer: Announcer::new(&ports.bus),
        }
    }

    /// Moves a cursor, unless it is already further on.
    #[tracing::instrument(skip_all, name = "move_cursors")]
    pub async fn run(
        &self,
        caller: &Caller,
        room: RoomId,
        reading: Reading,
    ) -> Result<CursorsMoved, Error> {
        let standing = self.standings.of(room, caller.user).await?;
        standing.inside.may_write(self.clock.now())?;
        let seq = self.seq(&standing.inside, reading.up_to).await?;
        let (read, delivered) = match reading.kind {
            CursorKind::Read => (Some(seq), None),
            CursorKind::Delivered => (None, Some(seq)),
        };
        let change = CursorMove {
            room,
            user: caller.user,
            read,
            delivered,
        };
        match self.cursors.advance(&change).await? {
            Moved::To { cursors, advanced } => {
                if advanced {
                    let user = caller.user;
                    let receipt = Notice::Receipt {
                        room,
                        user,
                        cursors,
                    };
                    self.announcer.tell(receipt).await;
                }
                Ok(CursorsMoved { cursors, advanced })
            }
            Moved::Beyond { last } => {
                let message = format!("must be at most {last}");
                Err(Refusal::invalid("seq", "range", message).into())
            }
            Moved::NotMember => {
                // They were a member when the standing was cached.
                self.standings.forget(room, caller.user);
                Err(outsider(standing.inside.room.kind, false).into())
            }
        }
    }

    async fn seq(&self, inside: &Inside, up_to: UpTo) -> Result<Seq, Error> {
        match up_to {
            UpTo::Message(id) => place(&*self.messages, inside, "messageId", id).await,
            UpTo::Seq(seq) => Ok(seq),
            // The cached room's last sequence number is out of date.
            UpTo::Everything => {
                let head = self.room_log.heads(&[inside.room.id]).await?.pop();
                Ok(head.ok_or(Refusal::NotFound)?.seq)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::Cursors;

    use super::*;
    use crate::testing::{Stage, bad_field, refusal, seq};

    const RIGHTS: [&str; 3] = [
        "forbidden banned ok muted ok ok",
        "unknown unknown ok muted ok ok",
        "unknown ok",
    ];

    fn moves(stage: &Stage) -> MoveCursors {
        MoveCursors::new(&stage.world.ports, &stage.standings)
    }

    const fn reading(kind: CursorKind, up_to: UpTo) -> Reading {
        Reading { kind, up_to }
    }

    /// A room with three messages of the owner's, and the member in it.
    async fn filled(stage: &Stage) -> RoomId {
        let room = stage.world.room(&stage.owner).await.id;
        stage.world.join(room, &stage.member).await;
        for text in ["one", "two", "three"] {
            stage.world.post(room, &stage.owner, text).await;
        }
        room
    }

    #[tokio::test]
    async fn who_may_write_moves_cursors() {
        let stage = Stage::new().await;
        let cursors = moves(&stage);
        for kind in [CursorKind::Read, CursorKind::Delivered] {
            let all = reading(kind, UpTo::Everything);
            let verdicts = stage.table(async |who, spot| cursors.run(&who, spot.room, all).await);
            assert_eq!(verdicts.await, RIGHTS);
        }
        let verdicts = stage.table(async |who, spot| {
            let one = reading(CursorKind::Read, UpTo::Message(spot.others));
            cursors.run(&who, spot.room, one).await
        });
        assert_eq!(verdicts.await, RIGHTS);
    }

    #[tokio::test]
    async fn cursors_move_forward_only_and_reading_delivers() {
        let stage = Stage::new().await;
        let (cursors, room) = (moves(&stage), filled(&stage).await);
        let mut ear = stage.world.ear().await;
        for (kind, to, read, delivered, advanced) in [
            (CursorKind::Delivered, 1, 0, 1, true),
            (CursorKind::Read, 2, 2, 2, true),
            (CursorKind::Delivered, 1, 2, 2, false),
            (CursorKind::Read, 0, 2, 2, false),
            (CursorKind::Delivered, 3, 2, 3, true),
        ] {
            let reading = reading(kind, UpTo::Seq(seq(to)));
            let answer = cursors.run(&stage.member, room, reading).await.unwrap();
            let cursors = Cursors {
                read: seq(read),
                delivered: seq(delivered),
            };
            assert_eq!(answer, CursorsMoved { cursors, advanced });
            let user = stage.member.user;
            let receipt = Notice::Receipt {
                room,
                user,
                cursors,
            };
            let told: Vec<Notice> = advanced.then_some(receipt).into_iter().collect();
            assert_eq!(ear.heard(), told);
        }
    }

    #[tokio::test]
    async fn everything_is_up_to_the_last_message() {
        let stage = Stage::new().await;
        let (cursors, room) = (moves(&stage), filled(&stage).await);
        let everything = reading(CursorKind::Read, UpTo::Everything);
        // The cached room's last sequence number is out of date.
        cursors.run(&stage.member, room, everything).await.unwrap();
        let last = stage.world.post(room, &stage.owner, "four").await;
        let answer = cursors.run(&stage.member, room, everything).await;
        assert_eq!(answer.unwrap().cursors.read, last.seq);
    }

    #[tokio::test]
    async fn cursors_stay_within_the_room() {
        let stage = Stage::new().await;
        let (moves, room) = (moves(&stage), filled(&stage).await);
        let run = async |up_to| {
            let reading = reading(CursorKind::Read, up_to);
            bad_field(moves.run(&stage.member, room, reading).await)
        };
        let elsewhere = stage.world.post(stage.public, &stage.owner, "here").await;
        assert_eq!(run(UpTo::Seq(seq(4))).await, "seq");
        assert_eq!(run(UpTo::Message(elsewhere.id)).await, "messageId");
        let cursors = stage.world.membership(room, &stage.member).await.cursors;
        assert_eq!(cursors, Cursors::default());
    }

    #[tokio::test]
    async fn what_was_before_ones_time_cannot_be_read() {
        let stage = Stage::new().await;
        let moves = moves(&stage);
        let (room, before, _) = stage.joined_room().await;
        let up_to = reading(CursorKind::Read, UpTo::Message(before.id));
        let answer = moves.run(&stage.member, room, up_to).await;
        assert_eq!(bad_field(answer), "messageId");
    }

    #[tokio::test]
    async fn who_has_just_left_is_told_so_in_spite_of_what_is_remembered() {
        let stage = Stage::new().await;
        let (moves, room) = (moves(&stage), filled(&stage).await);
        let all = reading(CursorKind::Read, UpTo::Seq(seq(1)));
        moves.run(&stage.member, room, all).await.unwrap();
        stage.world.leave(room, &stage.member).await;
        for _ in 0..2 {
            let answer = moves.run(&stage.member, room, all).await;
            assert_eq!(refusal(answer), Refusal::Forbidden);
        }
    }
}
