//! Having read, and having received.

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
    /// What was read, and with it what was delivered.
    Read,
    /// What was delivered.
    Delivered,
}

/// How far it moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UpTo {
    /// To a message.
    Message(MessageId),
    /// To a place.
    Seq(Seq),
    /// To the last message.
    Everything,
}

/// What somebody has read or received.
#[derive(Clone, Copy, Debug)]
pub struct Reading {
    /// Which of the two.
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

    /// Moves a cursor, unless it stands further on already.
    pub async fn run(
        &self,
        caller: &Caller,
        room: RoomId,
        reading: Reading,
    ) -> Result<CursorsMoved, Error> {
        let standing = self.standings.of(room, caller.user).await?;
        standing.may_write(self.clock.now())?;
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
                Err(Refusal::invalid("seq", "too_great", message).into())
            }
            Moved::NotMember => {
                // They were a member a moment ago.
                self.standings.forget(room, caller.user);
                Err(outsider(standing.inside.room.kind, false).into())
            }
        }
    }

    async fn seq(&self, inside: &Inside, up_to: UpTo) -> Result<Seq, Error> {
        match up_to {
            UpTo::Message(id) => place(&*self.messages, inside, "messageId", id).await,
            UpTo::Seq(seq) => Ok(seq),
            // The remembered room does not know its last seq.
            UpTo::Everything => {
                let head = self.room_log.heads(&[inside.room.id]).await?.pop();
                Ok(head.ok_or(Refusal::NotFound)?.seq)
            }
        }
    }
}
