//! A listener's seat in a room.

use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Instant;

use bytes::Bytes;
use domain::{Rev, RoomId, Seq};

use crate::connection::Connection;
use crate::event::Event;
use crate::frame::Dialect;
use crate::shard::{Caught, Memory};

/// Frames that are delivered together, to a listener that has everything before them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// The frames, one after another.
    pub frames: Bytes,
    /// How many there are.
    pub count: usize,
    /// The rev up to which the listener then has everything.
    pub up_to: Rev,
}

/// Where a listener stands in a room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The listener may read nothing at or before this.
    pub floor: Seq,
    /// The listener has received everything up to this rev.
    pub position: Rev,
    /// The listener was a member when the room was at this rev: an earlier departure was followed by a
    /// return.
    pub admitted: Rev,
}

impl Place {
    /// The place of a listener that is not placed yet, who may read nothing and lacks nothing.
    const UNKNOWN: Self = Self {
        floor: Seq::MAX,
        position: Rev::MAX,
        admitted: Rev::MAX,
    };
}

/// What a seat does with the room's events.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Phase {
    /// Not placed yet: neither the listener's position nor their membership is known. `departed` is the
    /// latest rev at which they were seen to leave in the meantime.
    Taken { departed: Rev },
    /// Nothing is delivered: the listener is catching up, or has to. `asked` says whether the store was
    /// asked and had nothing more.
    Behind { asked: bool },
    /// Events are delivered as they happen.
    Live,
}

/// A listener in a room.
pub(crate) struct Seat {
    pub(crate) connection: Rc<Connection>,
    pub(crate) dialect: Dialect,
    /// Unknown as long as the seat is only taken.
    pub(crate) place: Place,
    pub(crate) phase: Phase,
    /// The last message delivered as it happened.
    delivered: Seq,
    /// The last of these that [`news`](Self::news) has reported.
    reported: Seq,
    /// The last message that was skipped, because the listener started after it.
    skipped: Seq,
}

/// What the store had for a listener.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Advance {
    Something,
    Nothing,
}

/// How an event relates to what a listener has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Relation {
    /// It is new.
    News,
    /// The listener has it.
    Old,
    /// Something is missing before it.
    Gap,
}

impl Seat {
    /// A seat whose listener is not known to be a member yet.
    pub(crate) fn new(connection: Rc<Connection>) -> Self {
        Self {
            dialect: connection.dialect().unwrap_or_default(),
            connection,
            place: Place::UNKNOWN,
            phase: Phase::Taken {
                departed: Rev::ZERO,
            },
            delivered: Seq::ZERO,
            reported: Seq::ZERO,
            skipped: Seq::ZERO,
        }
    }

    /// Whether the listener's membership is not confirmed yet: until then nothing is delivered.
    pub(crate) const fn is_taken(&self) -> bool {
        matches!(self.phase, Phase::Taken { .. })
    }

    /// Places the listener. Returns `false` if they have left since they were admitted.
    #[must_use]
    pub(crate) fn settle(&mut self, mut place: Place) -> bool {
        let known = self.place;
        match self.phase {
            Phase::Taken { departed } if departed > place.admitted => return false,
            Phase::Taken { .. } => (),
            Phase::Behind { .. } | Phase::Live => {
                // A later membership was seen since the store was read.
                if known.admitted > place.admitted {
                    (place.floor, place.admitted) = (known.floor, known.admitted);
                }
            }
        }
        if self.phase == Phase::Live {
            // What was delivered since the store was read must not be delivered again.
            place.position = known.position;
        } else {
            self.phase = Phase::Behind { asked: false };
        }
        self.place = place;
        true
    }

    /// The listener's membership ended at a rev. Returns whether they have to go: not if they have come
    /// back since, or if their place is not known yet.
    pub(crate) fn depart(&mut self, rev: Rev) -> bool {
        match &mut self.phase {
            Phase::Taken { departed } => {
                *departed = rev.max(*departed);
                false
            }
            Phase::Behind { .. } | Phase::Live => self.place.admitted < rev,
        }
    }

    /// The listener is a member at a rev, who may read nothing at or before `floor`. If they have left
    /// and come back without anyone noticing, that is higher than it was.
    pub(crate) fn remain(&mut self, rev: Rev, floor: Seq) {
        if !self.is_taken() && self.place.admitted < rev {
            self.place.floor = self.place.floor.max(floor);
            self.place.admitted = rev;
        }
    }

    /// A listener that is behind has been given everything that the store has up to a rev.
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

    /// Delivers events that follow directly on the listener's position to one that is live, in one
    /// piece whose last message is `seq`. Returns whether the queue had room.
    #[must_use]
    pub(crate) fn tell_together(&mut self, piece: Piece, seq: Option<Seq>, now: Instant) -> bool {
        let mut queue = self.connection.queue().borrow_mut();
        let taken = queue.push(piece.frames, piece.count, now);
        if taken {
            self.place.position = piece.up_to;
            drop(queue);
            self.mark_delivered(seq);
        }
        taken
    }

    /// Delivers events one by one while the listener is live and the queue has room, each in the
    /// listener's own form. Returns how many were delivered.
    pub(crate) fn tell_each(&mut self, events: &[Arc<Event>], now: Instant) -> usize {
        let mut told = 0;
        for event in events {
            if self.phase == Phase::Live {
                told += usize::from(self.tell(event, now));
            }
        }
        told
    }

    /// Replays what a returning listener has missed, as far as its queue has room. It goes live after the
    /// last of it.
    pub(crate) fn retell(&mut self, events: &[Arc<Event>], how: Memory) -> Caught {
        let latest = match how {
            Memory::Last => latest_changes(events),
            Memory::Each => HashMap::new(),
        };
        let overtaken = |event: &Event| {
            let last = event.seq().and_then(|seq| latest.get(&seq));
            last.is_some_and(|last| *last > event.rev())
        };
        let mut told = 0;
        for event in events.iter().filter(|event| !overtaken(event)) {
            if event.rev() <= self.place.position {
                continue;
            }
            if self.connection.is_crowded() {
                return Caught::Part { told };
            }
            self.connection.send(self.frame(event));
            self.pass(event);
            told += 1;
        }
        self.phase = Phase::Live;
        Caught::Up {
            at: self.place.position,
            told,
        }
    }

    /// Messages up to this one were delivered.
    pub(crate) fn mark_delivered(&mut self, seq: Option<Seq>) {
        if let Some(seq) = seq.filter(|seq| *seq > self.delivered) {
            self.delivered = seq;
            self.connection.mark_delivered();
        }
    }

    /// The last message delivered, if there was one since the last call.
    pub(crate) fn news(&mut self) -> Option<Seq> {
        let before = std::mem::replace(&mut self.reported, self.delivered);
        (self.delivered > before).then_some(self.delivered)
    }

    /// Moves a listener that starts after these events past them, where it goes live.
    pub(crate) fn skip(&mut self, events: &[Arc<Event>]) -> Caught {
        if let Some(last) = events.last() {
            self.place.position = last.rev().max(self.place.position);
        }
        let last = events.iter().filter_map(|event| event.seq()).max();
        self.skipped = self.skipped.max(last.unwrap_or_default());
        self.phase = Phase::Live;
        Caught::Up {
            at: self.place.position,
            told: 0,
        }
    }

    /// The last message that was delivered as it happened, or skipped.
    pub(crate) fn last_message(&self) -> Seq {
        self.delivered.max(self.skipped)
    }

    /// Shows a live listener something about the room as a whole, or marks it as behind: it is shown
    /// that again once it has caught up.
    pub(crate) fn show(&mut self, room: RoomId, frame: Bytes, now: Instant) {
        if !self.connection.queue().borrow_mut().push(frame, 1, now) {
            self.fall_behind(room);
        }
    }

    /// Delivers an event to a live listener, or marks it as behind. Returns whether it was delivered.
    fn tell(&mut self, event: &Event, now: Instant) -> bool {
        match self.relation_to(event) {
            Relation::Old => false,
            Relation::News => self.put(event, now),
            Relation::Gap => self.fall_behind(event.room),
        }
    }

    /// Delivers an event that covers everything the listener lacks before it.
    fn put(&mut self, event: &Event, now: Instant) -> bool {
        let frame = self.frame(event);
        let taken = self.connection.queue().borrow_mut().push(frame, 1, now);
        if !taken {
            return self.fall_behind(event.room);
        }
        self.pass(event);
        true
    }

    /// An event that covers everything the listener lacks before it, in the listener's own form.
    fn frame(&self, event: &Event) -> Bytes {
        let own = event.news().and_then(|id| self.connection.take_own(id));
        match own {
            Some(own) => event.own(self.place.position, self.dialect, &own),
            None => event.frame(self.place.floor, self.place.position, self.dialect),
        }
    }

    /// The listener has received an event.
    fn pass(&mut self, event: &Event) {
        self.place.position = event.rev();
        if event.is_readable(self.place.floor) {
            self.mark_delivered(event.seq());
        }
    }

    fn fall_behind(&mut self, room: RoomId) -> bool {
        self.phase = Phase::Behind { asked: false };
        self.connection.fall_behind(room);
        false
    }

    fn relation_to(&self, event: &Event) -> Relation {
        if event.rev() <= self.place.position {
            Relation::Old
        } else if event.prev <= self.place.position {
            Relation::News
        } else {
            Relation::Gap
        }
    }
}

/// The last change of each message that was changed.
fn latest_changes(events: &[Arc<Event>]) -> HashMap<Seq, Rev> {
    // Nothing precedes the posting of a message, so that most events need not be looked at.
    let changes = events.iter().filter(|event| !event.is_post());
    changes
        .filter_map(|event| Some((event.seq()?, event.rev())))
        .collect()
}
