//! A durable change of a room, on its way to everybody who listens there.

use std::sync::Arc;

use bytes::Bytes;
use domain::{MessageId, Rev, RoomId, Seq, UserId};

use crate::connection::Own;
use crate::frame::{Dialect, Forms};

/// Writes a change down as a frame, for the wire. Whoever hands changes to the hub knows how. Where a
/// frame comes out empty, nothing is told.
pub trait Encode: Send + Sync {
    /// The whole frame, for listeners who were told of everything up to `prev`.
    /// If it is of a message, `fresh` says whether it is the first that they hear of it.
    fn told(&self, prev: Rev, dialect: Dialect, fresh: bool) -> Bytes;

    /// The frame for the connection whose client posts the message that it tells of, and calls it by a
    /// name of its own.
    fn called(&self, prev: Rev, dialect: Dialect, name: &Bytes) -> Bytes;

    /// The frame for listeners who may not read the change, and learn only that there was one.
    fn withheld(&self, prev: Rev, dialect: Dialect) -> Bytes;

    /// About how many bytes it holds on to.
    fn weight(&self) -> usize;
}

/// A change, as it is handed to the hub: in whatever order hints come.
pub struct Change {
    /// The rev that it carries.
    pub rev: Rev,
    /// The place of the message that changed, if it is one. Who came later may not read it.
    pub seq: Option<Seq>,
    /// Which message that is. Whoever posts it may not want to be told of it.
    pub message: Option<MessageId>,
    /// Whether it was posted by this, as far as is known.
    pub posted: bool,
    /// Who belongs to the room no more by this.
    pub departed: Option<UserId>,
    /// How it is told.
    pub frame: Box<dyn Encode>,
}

/// A change that has its place in the order in which this node tells of the room.
pub(crate) struct Event {
    pub(crate) room: RoomId,
    /// The rev that was told before it.
    pub(crate) prev: Rev,
    change: Change,
    /// Whether it tells of its message for the first time on this node.
    fresh: bool,
    /// What nearly everybody gets, written once.
    shared: Forms,
    /// The same for all who came later.
    withheld: Forms,
}

impl Event {
    pub(crate) fn new(room: RoomId, prev: Rev, change: Change, fresh: bool) -> Self {
        Self {
            room,
            prev,
            change,
            fresh,
            shared: Forms::default(),
            withheld: Forms::default(),
        }
    }

    pub(crate) const fn rev(&self) -> Rev {
        self.change.rev
    }

    pub(crate) const fn departed(&self) -> Option<UserId> {
        self.change.departed
    }

    pub(crate) const fn seq(&self) -> Option<Seq> {
        self.change.seq
    }

    /// The message that this tells of for the first time.
    pub(crate) fn news(&self) -> Option<MessageId> {
        self.change.message.filter(|_| self.fresh)
    }

    pub(crate) fn weight(&self) -> usize {
        self.change.frame.weight()
    }

    /// Whether one of these, which come later, is about the same message.
    pub(crate) fn is_overtaken(&self, later: &[Arc<Self>]) -> bool {
        let seq = self.change.seq;
        seq.is_some() && later.iter().any(|other| other.change.seq == seq)
    }

    /// Whether somebody whose history begins after `floor` may read it.
    pub(crate) fn is_readable(&self, floor: Seq) -> bool {
        self.change.seq.is_none_or(|seq| seq > floor)
    }

    /// The frame for whoever was told of everything up to `prev`.
    pub(crate) fn frame(&self, floor: Seq, prev: Rev, dialect: Dialect) -> Bytes {
        let frame = &self.change.frame;
        match (self.is_readable(floor), prev == self.prev) {
            (true, true) => self.shared(dialect),
            (true, false) => frame.told(prev, dialect, self.fresh),
            (false, true) => self.withheld.get(dialect, || frame.withheld(prev, dialect)),
            (false, false) => frame.withheld(prev, dialect),
        }
    }

    /// The frame for the connection whose client posts what it tells of.
    pub(crate) fn own(&self, prev: Rev, dialect: Dialect, own: &Own) -> Bytes {
        match own {
            Own::Passed => Bytes::new(),
            Own::Called(name) => self.change.frame.called(prev, dialect, name),
        }
    }

    /// The frame for whoever was told of what came before it on this node.
    pub(crate) fn shared(&self, dialect: Dialect) -> Bytes {
        let told = || self.change.frame.told(self.prev, dialect, self.fresh);
        self.shared.get(dialect, told)
    }
}
