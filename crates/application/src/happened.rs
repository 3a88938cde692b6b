//! Building the events that are stored with a change.

use domain::port::rooms::Step;
use domain::port::{Ids, IdsExt as _};
use domain::{Event, Happening, RoomId, Timestamp};

/// An event that happens in a room now, to be stored with the change that caused it.
pub(crate) fn happened(ids: &dyn Ids, at: Timestamp, room: RoomId, what: Happening) -> Event {
    Event {
        id: ids.next(),
        at,
        room: Some(room),
        what,
    }
}

/// The event that a step through a room's rules amounts to, if it concerns anybody else.
pub(crate) const fn happening(step: &Step) -> Option<Happening> {
    match step {
        Step::Admit { user } => Some(Happening::MemberJoined(*user)),
        Step::Depart { user } => Some(Happening::MemberLeft(*user)),
        Step::Edit(_) | Step::HandOver { .. } => Some(Happening::RoomUpdated),
        Step::Delete => Some(Happening::RoomDeleted),
        Step::GiveRole { .. }
        | Step::Silence { .. }
        | Step::Ban { .. }
        | Step::LiftBan { .. }
        | Step::SpendInvite => None,
    }
}
