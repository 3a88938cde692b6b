//! A durable change of a room, on its way to everybody who listens there.

use std::sync::{Arc, OnceLock};

use bytes::Bytes;
use domain::{Rev, RoomId, Seq, UserId};

/// Writes a change down as a frame, for the wire. Whoever hands changes to the hub knows how.
pub trait Encode: Send + Sync {
    /// The whole frame, for listeners who were told of everything up to `prev`.
    fn told(&self, prev: Rev) -> Bytes;

    /// The frame for listeners who may not read the change, and learn only that there was one.
    fn withheld(&self, prev: Rev) -> Bytes;

    /// About how many bytes it holds on to.
    fn weight(&self) -> usize;
}

/// A change, as it is handed to the hub: in whatever order hints come.
pub struct Change {
    /// The rev that it carries.
    pub rev: Rev,
    /// The place of the message that changed, if it is one. Who came later may not read it.
    pub seq: Option<Seq>,
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
    /// What nearly everybody gets, written once.
    shared: OnceLock<Bytes>,
    /// The same for all who came later.
    withheld: OnceLock<Bytes>,
}

impl Event {
    pub(crate) const fn new(room: RoomId, prev: Rev, change: Change) -> Self {
        Self {
            room,
            prev,
            change,
            shared: OnceLock::new(),
            withheld: OnceLock::new(),
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
    pub(crate) fn frame(&self, floor: Seq, prev: Rev) -> Bytes {
        let frame = &self.change.frame;
        match (self.is_readable(floor), prev == self.prev) {
            (true, true) => self.shared(),
            (true, false) => frame.told(prev),
            (false, true) => self.withheld.get_or_init(|| frame.withheld(prev)).clone(),
            (false, false) => frame.withheld(prev),
        }
    }

    /// The frame for whoever was told of what came before it on this node.
    pub(crate) fn shared(&self) -> Bytes {
        self.shared
            .get_or_init(|| self.change.frame.told(self.prev))
            .clone()
    }
}
