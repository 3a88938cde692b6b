//! What the hub sends to its workers.

use std::sync::Arc;

use domain::{RoomId, SessionId, UserId};

use crate::connection::Ending;
use crate::event::Event;
use crate::frame::Frame;

/// Something said in a room that is of no use later.
#[derive(Clone)]
pub struct Whisper {
    /// The user who caused it, who is not told.
    pub except: Option<UserId>,
    /// The user whose receipt this is, of which only the latest counts. Without it, the whisper may be
    /// dropped.
    pub receipt_of: Option<UserId>,
    /// The content.
    pub frame: Frame,
}

/// What the hub sends to a worker.
pub(crate) enum Item {
    /// Events of a room, in order.
    Events(RoomId, Arc<[Arc<Event>]>),
    /// Something for all listeners of a room.
    Whisper(RoomId, Arc<Whisper>),
    /// Something about a room as a whole, for all of its listeners.
    Shown(RoomId, Frame),
    /// Something for all listeners of any of these rooms, once per connection; the number identifies it.
    Around(Arc<[RoomId]>, u64, Frame),
    /// Something for all connections of a user.
    Person(UserId, Frame),
    /// A room of this user was deleted, for those of their connections that do not listen to it.
    Gone(UserId, RoomId, Frame),
    /// A user has joined a room.
    CameInto(UserId, RoomId),
    /// These sessions were ended.
    EndSessions(Arc<[SessionId]>),
    /// All connections have to end.
    EndAll(Ending),
    /// A room was deleted, which this frame tells its listeners.
    Dissolve(RoomId, Frame),
}
