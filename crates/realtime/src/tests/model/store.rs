//! The model's source of truth.

use std::collections::BTreeMap;

use domain::{Rev, RoomId, Seq};

use crate::event::Change;
use crate::recent::LEAST;
use crate::seat::Place;
use crate::source::Stretch;
use crate::tests::stage::{change, departure, message, numbered, rev, seq};

/// So few events are remembered that the store is often needed.
const REMEMBERED: usize = 8;

/// Something in a room that changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Thing {
    Message(i64),
    Member(u128),
}

impl Thing {
    pub(super) fn is_readable(self, floor: Seq) -> bool {
        match self {
            Self::Message(place) => seq(place) > floor,
            Self::Member(_) => true,
        }
    }
}

/// A room in the store: its content, and when it last changed.
#[derive(Default)]
pub(super) struct Log {
    /// What changed at each rev, and whether a user left by it.
    steps: Vec<(Thing, bool)>,
    things: BTreeMap<Thing, Rev>,
    messages: i64,
}

impl Log {
    pub(super) fn head(&self) -> Rev {
        rev(i64::try_from(self.steps.len()).unwrap())
    }

    /// What the room holds, each with the rev of its last change.
    pub(super) const fn things(&self) -> &BTreeMap<Thing, Rev> {
        &self.things
    }

    pub(super) fn thing(&self, number: Rev) -> Thing {
        self.step(number).0
    }

    pub(super) fn post(&mut self) -> Rev {
        self.messages += 1;
        self.commit(Thing::Message(self.messages), false)
    }

    /// Changes one of the messages that there are.
    pub(super) fn touch(&mut self, which: usize) -> Option<Rev> {
        let which = i64::try_from(which).unwrap();
        (self.messages > 0).then(|| self.commit(Thing::Message(which % self.messages + 1), false))
    }

    pub(super) fn enter(&mut self, who: u128) -> Rev {
        self.commit(Thing::Member(who), false)
    }

    pub(super) fn leave(&mut self, who: u128) -> Rev {
        self.commit(Thing::Member(who), true)
    }

    pub(super) fn is_member(&self, who: u128) -> bool {
        let last = self.things.get(&Thing::Member(who));
        last.is_some_and(|number| !self.step(*number).1)
    }

    /// Whether the user left after one rev, up to and including another.
    pub(super) fn left_within(&self, who: u128, after: Rev, up_to: Rev) -> bool {
        (after.get() + 1..=up_to.get())
            .any(|number| self.step(rev(number)) == (Thing::Member(who), true))
    }

    /// The place of a listener that has everything up to a rev.
    pub(super) fn admit(&self, who: u128, floor: Seq, position: Rev) -> Option<Place> {
        self.is_member(who).then(|| Place {
            floor,
            position,
            admitted: self.head(),
        })
    }

    /// The hint of a change, as it was when it was committed.
    pub(super) fn hint(&self, number: Rev) -> Change {
        let hint = match self.step(number) {
            (Thing::Message(place), _) => message(number.get(), place),
            (Thing::Member(who), true) => departure(number.get(), who),
            (Thing::Member(_), false) => change(number.get()),
        };
        Change {
            frame: numbered(number, LEAST.bytes / REMEMBERED),
            ..hint
        }
    }

    /// What changed since, in its present state.
    pub(super) fn since(&self, since: Rev, floor: Seq, limit: usize) -> Stretch {
        let mut revs: Vec<Rev> = self
            .things
            .iter()
            .filter(|(thing, last)| **last > since && thing.is_readable(floor))
            .map(|(_, last)| *last)
            .collect();
        revs.sort_unstable();
        let more = revs.len() > limit;
        revs.truncate(limit);
        let cut = revs.last().copied().filter(|_| more);
        Stretch {
            changes: revs.iter().map(|number| self.hint(*number)).collect(),
            up_to: cut.unwrap_or(self.head().max(since)),
            more,
        }
    }

    fn commit(&mut self, thing: Thing, leaves: bool) -> Rev {
        self.steps.push((thing, leaves));
        let head = self.head();
        self.things.insert(thing, head);
        head
    }

    fn step(&self, number: Rev) -> (Thing, bool) {
        self.steps[usize::try_from(number.get()).unwrap() - 1]
    }
}

/// The rooms that there are.
pub(super) type Store = BTreeMap<RoomId, Log>;
