//! The order in which a room is told.
//!
//! Hints come in any order, twice, or not at all. What leaves here comes by rev, each once.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use domain::{Rev, RoomId};

use crate::event::{Change, Event};

/// How many changes may wait for one that comes before them. Beyond that the store is asked anyway.
const MOST_AHEAD: usize = 256;
/// How many events a room remembers for those who come back in a moment.
const MOST_RECENT: usize = 128;
/// How many bytes these may hold.
const HEAVIEST_RECENT: usize = 256 * 1024;

/// Where a room stands on this node.
pub(crate) struct Order {
    room: RoomId,
    place: Place,
    /// What came too early.
    ahead: BTreeMap<Rev, Change>,
    recent: Recent,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// Nobody has looked yet which rev the room is at.
    Unknown,
    /// Everything up to `known` was told, the last of it with the rev `told`: what came between the two
    /// was overtaken by something that is told already, or is still to come.
    At { known: Rev, told: Rev },
}

/// What follows from a change or from a look at the store.
#[derive(Default)]
pub(crate) struct Next {
    /// What is to be told now, in this order.
    pub(crate) told: Vec<Arc<Event>>,
    /// Whether something before what is known is missing.
    pub(crate) hole: bool,
}

impl Order {
    pub(crate) const fn new(room: RoomId) -> Self {
        Self {
            room,
            place: Place::Unknown,
            ahead: BTreeMap::new(),
            recent: Recent::new(),
        }
    }

    /// Up to which rev everything was told, once that is known.
    pub(crate) const fn position(&self) -> Option<Rev> {
        match self.place {
            Place::Unknown => None,
            Place::At { known, .. } => Some(known),
        }
    }

    /// Takes a change that somebody told of.
    pub(crate) fn offer(&mut self, change: Change) -> Next {
        if self
            .position()
            .is_some_and(|position| change.rev <= position)
        {
            return Next::default();
        }
        self.ahead.insert(change.rev, change);
        if self.ahead.len() > MOST_AHEAD {
            // The later ones come back from the store, together with what is missing before them.
            self.ahead.pop_last();
        }
        self.go_on()
    }

    /// Takes the rev that the store was at, when it was looked at a moment ago.
    pub(crate) fn look(&mut self, rev: Rev) -> Next {
        match self.place {
            Place::Unknown => {
                self.pass(rev, rev);
                self.go_on()
            }
            Place::At { known, .. } => Next {
                told: Vec::new(),
                hole: known < rev,
            },
        }
    }

    /// Takes what the store says of the stretch after `since`, up to and with `up_to`.
    pub(crate) fn fill(&mut self, since: Rev, changes: Vec<Change>, up_to: Rev) -> Next {
        let Place::At { known, told } = self.place else {
            return Next::default();
        };
        if known < since {
            return Next::default();
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
        let next = self.go_on();
        events.extend(next.told);
        Next {
            told: events,
            hole: next.hole,
        }
    }

    /// What was told of late after a rev, without a hole; nothing if it does not reach back that far.
    pub(crate) fn since(&self, rev: Rev) -> Option<impl Iterator<Item = &Arc<Event>>> {
        let Place::At { told, .. } = self.place else {
            return None;
        };
        let covered = told <= rev || self.recent.begins().is_some_and(|first| first <= rev);
        covered.then(|| self.recent.after(rev))
    }

    /// Everything that can be told now.
    fn go_on(&mut self) -> Next {
        let mut events = Vec::new();
        while let Place::At { known, told } = self.place {
            let Some(change) = self.ahead.remove(&known.next()) else {
                break;
            };
            let rev = change.rev;
            events.push(self.event(told, change));
            self.place = Place::At {
                known: rev,
                told: rev,
            };
        }
        Next {
            told: events,
            hole: self.position().is_some() && !self.ahead.is_empty(),
        }
    }

    /// Needs nothing any more of what came up to there.
    fn pass(&mut self, known: Rev, told: Rev) {
        self.place = Place::At { known, told };
        self.ahead = self.ahead.split_off(&known.next());
    }

    fn event(&mut self, prev: Rev, change: Change) -> Arc<Event> {
        let event = Arc::new(Event::new(self.room, prev, change));
        self.recent.keep(Arc::clone(&event));
        event
    }
}

/// The last events of a room, each following upon the one before.
struct Recent {
    events: VecDeque<Arc<Event>>,
    weight: usize,
}

impl Recent {
    const fn new() -> Self {
        Self {
            events: VecDeque::new(),
            weight: 0,
        }
    }

    fn keep(&mut self, event: Arc<Event>) {
        let follows = |last: &Arc<Event>| last.rev() == event.prev;
        if !self.events.back().is_none_or(follows) {
            self.events.clear();
            self.weight = 0;
        }
        self.weight += event.weight();
        self.events.push_back(event);
        while self.events.len() > MOST_RECENT || self.weight > HEAVIEST_RECENT {
            let Some(gone) = self.events.pop_front() else {
                break;
            };
            self.weight = self.weight.saturating_sub(gone.weight());
        }
    }

    /// Everything after this rev is in here.
    fn begins(&self) -> Option<Rev> {
        self.events.front().map(|event| event.prev)
    }

    fn after(&self, rev: Rev) -> impl Iterator<Item = &Arc<Event>> {
        let from = self.events.partition_point(|event| event.rev() <= rev);
        self.events.range(from..)
    }
}
