//! What the hub tells its workers.

use std::sync::Arc;

use domain::{RoomId, SessionId, UserId};

use crate::connection::Ending;
use crate::event::Event;
use crate::frame::Frame;

/// Something said in a room that is of no use later.
#[derive(Clone)]
pub struct Whisper {
    /// Who is not told: whose own doing it is.
    pub except: Option<UserId>,
    /// Of whom it is the latest word, where only that counts. Without it, it may be dropped.
    pub receipt_of: Option<UserId>,
    /// What is said.
    pub frame: Frame,
}

/// What the hub tells a worker.
pub(crate) enum Item {
    /// Events of a room, in order.
    Events(RoomId, Arc<[Arc<Event>]>),
    /// Something for everybody in a room.
    Whisper(RoomId, Arc<Whisper>),
    /// Something for everybody in any of these rooms, once; the number tells it from others.
    Around(Arc<[RoomId]>, u64, Frame),
    /// Something for all connections of a person.
    Person(UserId, Frame),
    /// A room of a person's is no more, for those of their connections that do not listen to it.
    Gone(UserId, RoomId, Frame),
    /// A person has come into a room.
    CameInto(UserId, RoomId),
    /// These sessions were ended.
    EndSessions(Arc<[SessionId]>),
    /// All connections have to end.
    EndAll(Ending),
    /// A room is no more, which its listeners are told by this frame.
    Dissolve(RoomId, Frame),
}
