//! The order in which events of a room are delivered.
//!
//! Hints arrive in any order, twice, or not at all. Events leave in the order of their revs, each once.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::{Rev, RoomId, Seq};

use crate::event::{Change, Event};
use crate::news::News;
use crate::queue::Bounds;
use crate::recent::{LEAST, Recent};

/// How many changes may wait for an earlier one. Beyond that, the store is read anyway.
pub(crate) const MOST_AHEAD: usize = 256;

/// How far this node has got with a room.
pub(crate) struct Order {
    room: RoomId,
    place: Place,
    /// The rev that the room is known to have reached, whether or not it was delivered here.
    due: Rev,
    /// Changes that arrived too early.
    ahead: BTreeMap<Rev, Change>,
    recent: Recent,
    news: News,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// The room's head has not been read yet.
    Unknown,
    /// Everything up to `known` is delivered, and the last event had the rev `told`: what lies between
    /// was superseded by something that is delivered already, or still to come.
    At { known: Rev, told: Rev },
}

/// The outcome of a change, or of a read of the room's head.
pub(crate) struct Next {
    /// What is to be delivered now, in this order.
    pub(crate) told: Vec<Arc<Event>>,
    /// Whether there is a gap before what was just announced.
    pub(crate) hole: bool,
}

impl Order {
    pub(crate) fn new(room: RoomId) -> Self {
        Self {
            room,
            place: Place::Unknown,
            due: Rev::ZERO,
            ahead: BTreeMap::new(),
            recent: Recent::new(LEAST),
            news: News::default(),
        }
    }

    /// Remembers at most this much from now on.
    pub(crate) const fn limit_memory(&mut self, most: Bounds) {
        self.recent.limit(most);
    }

    /// Forgets events that were remembered already when this was last called.
    pub(crate) fn forget_old(&mut self) {
        self.recent.forget_old();
    }

    /// The rev up to which everything is delivered, once that is known.
    pub(crate) const fn position(&self) -> Option<Rev> {
        match self.place {
            Place::Unknown => None,
            Place::At { known, .. } => Some(known),
        }
    }

    /// Whether something is missing here that the store has.
    pub(crate) fn is_torn(&self) -> bool {
        let short = |known| known < self.due || !self.ahead.is_empty();
        self.position().is_some_and(short)
    }

    /// Takes changes, as announced by hints.
    pub(crate) fn offer(&mut self, changes: impl IntoIterator<Item = Change>) -> Next {
        let (mut told, mut furthest) = (Vec::new(), Rev::ZERO);
        for change in changes {
            furthest = furthest.max(change.rev);
            match self.place {
                Place::At { known, .. } if change.rev <= known => (),
                Place::At { known, told: at } if change.rev == known.next() => {
                    self.ahead.remove(&change.rev);
                    told.push(self.come_to(at, change));
                    self.go_on(&mut told);
                }
                Place::At { .. } | Place::Unknown => self.put_off(change),
            }
        }
        let hole = self.position().is_some_and(|known| known < furthest);
        Next { told, hole }
    }

    /// Takes the rev that the store was just at, and the position of its last message, if known.
    pub(crate) fn look(&mut self, rev: Rev, seq: Option<Seq>) -> Next {
        self.due = self.due.max(rev);
        let mut told = Vec::new();
        if self.place == Place::Unknown {
            if let Some(seq) = seq {
                self.news.begin(seq);
            }
            self.pass(rev, rev);
            self.go_on(&mut told);
        }
        Next {
            told,
            hole: self.is_torn(),
        }
    }

    /// Takes what the store returned for the stretch after `since`, up to and including `up_to`, and
    /// returns what is to be delivered now. Whatever is missing after that was announced after the store
    /// was read.
    pub(crate) fn fill(&mut self, since: Rev, changes: Vec<Change>, up_to: Rev) -> Vec<Arc<Event>> {
        let Place::At { known, told } = self.place else {
            return Vec::new();
        };
        if known < since {
            return Vec::new();
        }
        let (mut events, mut at) = (Vec::new(), told);
        for change in changes {
            if change.rev > known.max(at) && change.rev <= up_to {
                let rev = change.rev;
                events.push(self.event(at, change));
                at = rev;
            }
        }
        self.pass(known.max(up_to), at);
        self.go_on(&mut events);
        events
    }

    /// The events after a rev, without a gap. `None` if memory does not reach back that far, or if the
    /// room is known to be ahead of both that rev and what was delivered here. The latter does not
    /// matter to a caller that has `asked` the store and got nothing more.
    pub(crate) fn since(&self, rev: Rev, asked: bool) -> Option<impl Iterator<Item = &Arc<Event>>> {
        let Place::At { known, told } = self.place else {
            return None;
        };
        let short = known < self.due && rev < self.due && !asked;
        let reaches = told <= rev || self.recent.begins().is_some_and(|first| first <= rev);
        (reaches && !short).then(|| self.recent.after(rev))
    }

    /// Appends everything that can be delivered now.
    fn go_on(&mut self, events: &mut Vec<Arc<Event>>) {
        while let Place::At { known, told } = self.place {
            let Some(change) = self.ahead.remove(&known.next()) else {
                break;
            };
            events.push(self.come_to(told, change));
        }
    }

    fn come_to(&mut self, prev: Rev, change: Change) -> Arc<Event> {
        let rev = change.rev;
        self.place = Place::At {
            known: rev,
            told: rev,
        };
        self.event(prev, change)
    }

    fn put_off(&mut self, change: Change) {
        self.ahead.insert(change.rev, change);
        if self.ahead.len() > MOST_AHEAD {
            // The latest is dropped: it comes back from the store with what is missing before it.
            if let Some((rev, _)) = self.ahead.pop_last() {
                self.due = self.due.max(rev);
            }
        }
    }

    /// Moves the position, and drops early changes that it covers.
    fn pass(&mut self, known: Rev, told: Rev) {
        self.place = Place::At { known, told };
        self.ahead = self.ahead.split_off(&known.next());
    }

    fn event(&mut self, prev: Rev, change: Change) -> Arc<Event> {
        let posted = change.posted;
        let fresh = change.seq.is_some_and(|seq| self.news.hear(seq, posted));
        let event = Arc::new(Event::new(self.room, prev, change, fresh));
        self.recent.keep(Arc::clone(&event));
        event
    }
}
