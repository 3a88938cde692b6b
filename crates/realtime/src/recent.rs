//! The latest events of a room, for clients that reconnect shortly after.

use std::collections::VecDeque;
use std::sync::Arc;

use domain::Rev;

use crate::event::Event;

/// How many events are kept per room.
pub(crate) const MOST: usize = 128;
/// How many bytes these may take up.
pub(crate) const HEAVIEST: usize = 256 * 1024;

/// The latest events of a room, each following on the one before.
pub(crate) struct Recent {
    events: VecDeque<Arc<Event>>,
    weight: usize,
}

impl Recent {
    pub(crate) const fn new() -> Self {
        Self {
            events: VecDeque::new(),
            weight: 0,
        }
    }

    pub(crate) fn keep(&mut self, event: Arc<Event>) {
        let follows = |last: &Arc<Event>| last.rev() == event.prev;
        if !self.events.back().is_none_or(follows) {
            *self = Self::new();
        }
        self.weight = self.weight.saturating_add(event.weight());
        self.events.push_back(event);
        while self.events.len() > MOST || self.weight > HEAVIEST {
            let Some(gone) = self.events.pop_front() else {
                break;
            };
            self.weight = self.weight.saturating_sub(gone.weight());
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
}
