//! A listener in a room.

use std::rc::Rc;

use domain::{Rev, Seq};

use crate::connection::Connection;
use crate::event::Event;

/// Where a listener stands in a room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Nothing at or before this is theirs to read.
    pub floor: Seq,
    /// Everything up to this was told to them.
    pub position: Rev,
}

/// What becomes of what happens in the room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Phase {
    /// It is told at once.
    Live,
    /// It waits: the listener catches up, or has to.
    Behind,
}

/// A listener in a room.
pub(crate) struct Seat {
    pub(crate) connection: Rc<Connection>,
    pub(crate) place: Place,
    pub(crate) phase: Phase,
}

/// What a listener makes of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Heard {
    /// It is news.
    News,
    /// It was told before.
    Old,
    /// Something is missing before it.
    Gap,
}

impl Seat {
    pub(crate) const fn new(connection: Rc<Connection>, place: Place) -> Self {
        Self {
            connection,
            place,
            phase: Phase::Behind,
        }
    }

    pub(crate) fn hears(&self, event: &Event) -> Heard {
        if event.rev() <= self.place.position {
            Heard::Old
        } else if event.prev <= self.place.position {
            Heard::News
        } else {
            Heard::Gap
        }
    }

    /// Tells a listener who is live of an event.
    pub(crate) fn tell(&mut self, event: &Event) {
        match self.hears(event) {
            Heard::Old => (),
            Heard::News => {
                let frame = event.frame(self.place.floor, self.place.position);
                let taken = self.connection.queue().borrow_mut().push(frame, 1);
                if taken {
                    self.place.position = event.rev();
                } else {
                    self.fall_behind(event);
                }
            }
            Heard::Gap => self.fall_behind(event),
        }
    }

    pub(crate) fn fall_behind(&mut self, event: &Event) {
        self.phase = Phase::Behind;
        self.connection.fall_behind(event.room);
    }
}
