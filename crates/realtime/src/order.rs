//! The order in which a room is told.
//!
//! Hints come in any order, twice, or not at all. What leaves here comes by rev, each once.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::{Rev, RoomId, Seq};

use crate::event::{Change, Event};
use crate::news::News;
use crate::recent::Recent;

/// How many changes may wait for one that comes before them. Beyond that the store is asked anyway.
pub(crate) const MOST_AHEAD: usize = 256;

/// Where a room stands on this node.
pub(crate) struct Order {
    room: RoomId,
    place: Place,
    /// The room has come this far for sure, whether it was told here or not.
    due: Rev,
    /// What came too early.
    ahead: BTreeMap<Rev, Change>,
    recent: Recent,
    news: News,
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
pub(crate) struct Next {
    /// What is to be told now, in this order.
    pub(crate) told: Vec<Arc<Event>>,
    /// Whether something before what was spoken of is missing.
    pub(crate) hole: bool,
}

impl Order {
    pub(crate) fn new(room: RoomId) -> Self {
        Self {
            room,
            place: Place::Unknown,
            due: Rev::ZERO,
            ahead: BTreeMap::new(),
            recent: Recent::new(),
            news: News::default(),
        }
    }

    /// Up to which rev everything was told, once that is known.
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

    /// Takes changes that somebody told of.
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

    /// Takes the rev that the store was at, and its last message if that is known, when it was looked at
    /// a moment ago.
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

    /// Takes what the store says of the stretch after `since`, up to and with `up_to`, and answers with
    /// what is to be told now. What is missing after that was told of later than the store was read.
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

    /// What was told of late after a rev, without a hole; nothing if it does not reach back that far,
    /// or if the room has come further than to that rev and than what was told here. Whoever has
    /// `asked` the store for more, and got nothing, need not do so again.
    pub(crate) fn since(&self, rev: Rev, asked: bool) -> Option<impl Iterator<Item = &Arc<Event>>> {
        let Place::At { known, told } = self.place else {
            return None;
        };
        let short = known < self.due && rev < self.due && !asked;
        let reaches = told <= rev || self.recent.begins().is_some_and(|first| first <= rev);
        (reaches && !short).then(|| self.recent.after(rev))
    }

    /// Everything that can be told now.
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
            // The latest come back from the store, together with what is missing before them.
            if let Some((rev, _)) = self.ahead.pop_last() {
                self.due = self.due.max(rev);
            }
        }
    }

    /// Needs nothing any more of what came up to there.
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
