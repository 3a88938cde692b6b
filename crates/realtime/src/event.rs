//! A durable change of a room, on its way to everyone who listens there.

use bytes::Bytes;
use domain::{MessageId, Rev, RoomId, Seq, UserId};

use crate::connection::Own;
use crate::frame::{Dialect, Forms};

/// Encodes a change as a frame for the wire, which is up to the caller that hands changes to the hub.
/// Where the frame is empty, nothing is sent.
pub trait Encode: Send + Sync {
    /// The full frame, for listeners that have everything up to `prev`. For a change of a message,
    /// `fresh` says whether this is the first they receive of it.
    fn told(&self, prev: Rev, dialect: Dialect, fresh: bool) -> Bytes;

    /// The frame for the connection through which the message was posted, with its client's own name for
    /// the message.
    fn called(&self, prev: Rev, dialect: Dialect, name: &Bytes) -> Bytes;

    /// The frame for listeners that may not read the change, and learn only that there was one.
    fn withheld(&self, prev: Rev, dialect: Dialect) -> Bytes;

    /// Roughly how many bytes this keeps in memory.
    fn weight(&self) -> usize;
}

/// A change, as handed to the hub, in whatever order hints arrive.
pub struct Change {
    /// The rev that the change has.
    pub rev: Rev,
    /// The position of the message that changed, if it is a change of one. Members who came later may
    /// not read it.
    pub seq: Option<Seq>,
    /// The id of that message. The connection that posts it may get another frame, or none.
    pub message: Option<MessageId>,
    /// Whether this change is the posting of that message, as far as is known.
    pub posted: bool,
    /// The user whose membership ended by this.
    pub departed: Option<UserId>,
    /// The user who is a member by this, and the last message that they may not read.
    pub member: Option<(UserId, Seq)>,
    /// How to encode it.
    pub frame: Box<dyn Encode>,
}

/// A change that has its place in the order in which this node delivers the room.
pub(crate) struct Event {
    pub(crate) room: RoomId,
    /// The rev delivered before it.
    pub(crate) prev: Rev,
    change: Change,
    /// Whether this is the first event of its message on this node.
    fresh: bool,
    /// The frame that nearly all listeners get, encoded once.
    shared: Forms,
    /// The same for listeners that may not read it.
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

    pub(crate) const fn member(&self) -> Option<(UserId, Seq)> {
        self.change.member
    }

    pub(crate) const fn seq(&self) -> Option<Seq> {
        self.change.seq
    }

    /// The message, if this is its first event here.
    pub(crate) fn news(&self) -> Option<MessageId> {
        self.change.message.filter(|_| self.fresh)
    }

    pub(crate) fn weight(&self) -> usize {
        self.change.frame.weight()
    }

    /// Whether the message was posted by this.
    pub(crate) const fn is_post(&self) -> bool {
        self.change.posted
    }

    /// Whether a listener that may read nothing at or before `floor` may read this.
    pub(crate) fn is_readable(&self, floor: Seq) -> bool {
        self.change.seq.is_none_or(|seq| seq > floor)
    }

    /// The frame for a listener that has everything up to `prev`.
    pub(crate) fn frame(&self, floor: Seq, prev: Rev, dialect: Dialect) -> Bytes {
        let frame = &self.change.frame;
        match (self.is_readable(floor), prev == self.prev) {
            (true, true) => self.shared(dialect),
            (true, false) => frame.told(prev, dialect, self.fresh),
            (false, true) => self.withheld.get(dialect, || frame.withheld(prev, dialect)),
            (false, false) => frame.withheld(prev, dialect),
        }
    }

    /// The frame for the connection through which the message was posted.
    pub(crate) fn own(&self, prev: Rev, dialect: Dialect, own: &Own) -> Bytes {
        match own {
            Own::Passed => Bytes::new(),
            Own::Called(name) => self.change.frame.called(prev, dialect, name),
        }
    }

    /// The frame for listeners that have everything that precedes it on this node.
    pub(crate) fn shared(&self, dialect: Dialect) -> Bytes {
        let told = || self.change.frame.told(self.prev, dialect, self.fresh);
        self.shared.get(dialect, told)
    }
}
