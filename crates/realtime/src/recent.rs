//! The latest events of a room, for clients that reconnect shortly after, or could not keep up.

use std::collections::VecDeque;
use std::sync::Arc;

use domain::Rev;

use crate::event::Event;
use crate::queue::Bounds;

/// How much of a room is remembered that has few listeners.
pub(crate) const LEAST: Bounds = Bounds {
    bytes: 256 * 1024,
    frames: 128,
};

/// The latest events of a room, each following on the one before.
pub(crate) struct Recent {
    events: VecDeque<Arc<Event>>,
    weight: usize,
    most: Bounds,
    /// How many of the events are old enough to be forgotten next.
    old: usize,
}

impl Recent {
    pub(crate) const fn new(most: Bounds) -> Self {
        Self {
            events: VecDeque::new(),
            weight: 0,
            most,
            old: 0,
        }
    }

    pub(crate) const fn limit(&mut self, most: Bounds) {
        self.most = most;
    }

    pub(crate) fn keep(&mut self, event: Arc<Event>) {
        let follows = |last: &Arc<Event>| last.rev() == event.prev;
        if !self.events.back().is_none_or(follows) {
            *self = Self::new(self.most);
        }
        self.weight = self.weight.saturating_add(event.weight());
        self.events.push_back(event);
        while self.events.len() > self.most.frames || self.weight > self.most.bytes {
            if !self.forget_one() {
                break;
            }
        }
    }

    /// Forgets what was there already when this was last called.
    pub(crate) fn forget_old(&mut self) {
        while self.old > 0 && self.forget_one() {}
        self.old = self.events.len();
        if self.events.is_empty() {
            self.events = VecDeque::new();
        }
    }

    /// The rev after which every event is in here.
    pub(crate) fn begins(&self) -> Option<Rev> {
        self.events.front().map(|event| event.prev)
    }

    pub(crate) fn after(&self, rev: Rev) -> impl Iterator<Item = &Arc<Event>> {
        let from = self.events.partition_point(|event| event.rev() <= rev);
        self.events.range(from..)
    }

    fn forget_one(&mut self) -> bool {
        let Some(gone) = self.events.pop_front() else {
            return false;
        };
        self.weight = self.weight.saturating_sub(gone.weight());
        self.old = self.old.saturating_sub(1);
        true
    }
}
