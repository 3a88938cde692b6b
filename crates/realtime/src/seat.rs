//! A listener in a room.

use std::rc::Rc;
use std::sync::Arc;
use std::time::Instant;

use bytes::Bytes;
use domain::{Rev, Seq};

use crate::connection::Connection;
use crate::event::Event;
use crate::frame::Dialect;
use crate::shard::Memory;

/// Where a listener stands in a room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Nothing at or before this is theirs to read.
    pub floor: Seq,
    /// Everything up to this was told to them.
    pub position: Rev,
    /// They belonged to the room when it was at this rev: if they had left before that, they had come
    /// back.
    pub admitted: Rev,
}

/// What becomes of what happens in the room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Phase {
    /// Nobody has said yet where the listener stands, nor whether they belong here. The last rev by
    /// which they left, as far as it was heard of meanwhile.
    Taken { departed: Rev },
    /// It waits: the listener catches up, or has to. Whether the store was asked and had nothing more.
    Behind { asked: bool },
    /// It is told at once.
    Live,
}

/// A listener in a room.
pub(crate) struct Seat {
    pub(crate) connection: Rc<Connection>,
    pub(crate) dialect: Dialect,
    pub(crate) place: Place,
    pub(crate) phase: Phase,
    /// The last message of which it was told as it happened, and of which it was said so.
    heard: (Seq, Seq),
}

/// What the store had for a listener.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Advance {
    Something,
    Nothing,
}

/// What a listener makes of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Heard {
    /// It is news.
    News,
    /// It was told before.
    Old,
    /// Something is missing before it.
    Gap,
}

impl Seat {
    /// A seat of somebody of whom nothing is known yet.
    pub(crate) fn new(connection: Rc<Connection>) -> Self {
        Self {
            dialect: connection.dialect().unwrap_or_default(),
            connection,
            place: Place {
                floor: Seq::MAX,
                position: Rev::MAX,
                admitted: Rev::MAX,
            },
            phase: Phase::Taken {
                departed: Rev::ZERO,
            },
            heard: (Seq::ZERO, Seq::ZERO),
        }
    }

    /// Whether nobody has said yet that the listener belongs here: until then they are told of nothing.
    pub(crate) const fn is_taken(&self) -> bool {
        matches!(self.phase, Phase::Taken { .. })
    }

    /// Says where the listener stands. Answers whether they have not left since they were admitted.
    #[must_use]
    pub(crate) fn settle(&mut self, place: Place) -> bool {
        match self.phase {
            Phase::Taken { departed } if departed > place.admitted => return false,
            Phase::Taken { .. } | Phase::Behind { .. } => {
                self.phase = Phase::Behind { asked: false };
            }
            Phase::Live => (),
        }
        self.place = place;
        true
    }

    /// The listener belongs to the room no more since a rev. Answers whether they have to go: not if
    /// they came back since then, or if it is not known yet.
    pub(crate) fn depart(&mut self, rev: Rev) -> bool {
        match &mut self.phase {
            Phase::Taken { departed } => {
                *departed = rev.max(*departed);
                false
            }
            Phase::Behind { .. } | Phase::Live => self.place.admitted < rev,
        }
    }

    /// The store has told a listener who is behind everything up to a rev.
    pub(crate) fn advance(&mut self, up_to: Rev) -> Advance {
        if up_to > self.place.position {
            self.place.position = up_to;
            self.phase = Phase::Behind { asked: false };
            Advance::Something
        } else {
            self.phase = Phase::Behind { asked: true };
            Advance::Nothing
        }
    }

    /// Tells a listener who is live of events that follow upon what they know, in one piece. Answers
    /// whether there was place.
    #[must_use]
    pub(crate) fn tell_together(
        &mut self,
        (frames, count): (Bytes, usize),
        (up_to, seq): (Rev, Option<Seq>),
        now: Instant,
    ) -> bool {
        let mut queue = self.connection.queue().borrow_mut();
        let taken = queue.push(frames, count, now);
        if taken {
            self.place.position = up_to;
            drop(queue);
            self.hear(seq);
        }
        taken
    }

    /// Tells a listener of events one by one, as long as they are live: as many as there is place for,
    /// each in the listener's own wording. Answers how many that was.
    pub(crate) fn tell_each(&mut self, events: &[Arc<Event>], now: Instant) -> usize {
        let mut told = 0;
        for event in events {
            if self.phase == Phase::Live {
                told += usize::from(self.tell(event, now));
            }
        }
        told
    }

    /// Tells a listener who comes back of what happened meanwhile. Answers how many frames that was.
    pub(crate) fn retell(&mut self, events: &[Arc<Event>], how: Memory, now: Instant) -> usize {
        let mut told = 0;
        for (place, event) in events.iter().enumerate() {
            let later = events.get(place + 1..).unwrap_or_default();
            let known = event.rev() <= self.place.position;
            let overtaken = how == Memory::Last && event.is_overtaken(later);
            if self.phase == Phase::Live && !known && !overtaken {
                told += usize::from(self.put(event, now));
            }
        }
        told
    }

    fn hear(&mut self, seq: Option<Seq>) {
        if let Some(seq) = seq.filter(|seq| *seq > self.heard.0) {
            self.heard.0 = seq;
            self.connection.hear_message();
        }
    }

    /// The last message of which it was told since this was last asked.
    pub(crate) fn news(&mut self) -> Option<Seq> {
        let (heard, said) = self.heard;
        self.heard.1 = heard;
        (heard > said).then_some(heard)
    }

    /// A listener who begins after these events has no use for them.
    pub(crate) fn skip(&mut self, events: &[Arc<Event>]) {
        if let Some(last) = events.last() {
            self.place.position = last.rev().max(self.place.position);
        }
    }

    /// Tells a listener who is live of an event, or has them fall behind. Answers whether it was told.
    fn tell(&mut self, event: &Event, now: Instant) -> bool {
        match self.hears(event) {
            Heard::Old => false,
            Heard::News => self.put(event, now),
            Heard::Gap => self.fall_behind(event),
        }
    }

    /// Tells a listener of an event which covers all that they were not told of before it.
    fn put(&mut self, event: &Event, now: Instant) -> bool {
        let connection = &self.connection;
        let own = event.news().and_then(|id| connection.take_own(id));
        let frame = match own {
            Some(own) => event.own(self.place.position, self.dialect, &own),
            None => event.frame(self.place.floor, self.place.position, self.dialect),
        };
        let taken = self.connection.queue().borrow_mut().push(frame, 1, now);
        if !taken {
            return self.fall_behind(event);
        }
        self.place.position = event.rev();
        if event.is_readable(self.place.floor) {
            self.hear(event.seq());
        }
        true
    }

    fn fall_behind(&mut self, event: &Event) -> bool {
        self.phase = Phase::Behind { asked: false };
        self.connection.fall_behind(event.room);
        false
    }

    fn hears(&self, event: &Event) -> Heard {
        if event.rev() <= self.place.position {
            Heard::Old
        } else if event.prev <= self.place.position {
            Heard::News
        } else {
            Heard::Gap
        }
    }
}
