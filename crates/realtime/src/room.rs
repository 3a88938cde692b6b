//! A room that has listeners on this node, or had some until recently.

use std::time::Duration;

use domain::RoomId;
use tokio::time::Instant;

use crate::frame::{Dialect, Speakers};
use crate::order::Order;
use crate::queue::Bounds;
use crate::recent::LEAST;

/// A room with this many listeners is large: if one of them cannot keep up, many cannot, and each would
/// read the store.
pub(crate) const LARGE: usize = 64;

/// A room, and which workers have listeners in it.
pub(crate) struct Room {
    pub(crate) order: Order,
    /// The number of listeners per worker, for workers that have any.
    seats: Vec<(usize, usize)>,
    speakers: Speakers,
    silent_since: Option<Instant>,
    /// How much may be queued for each listener.
    queue: Bounds,
}

impl Room {
    pub(crate) fn new(id: RoomId, queue: Bounds) -> Self {
        Self {
            order: Order::new(id),
            seats: Vec::new(),
            speakers: Speakers::default(),
            silent_since: None,
            queue,
        }
    }

    pub(crate) fn enter(&mut self, shard: usize, dialect: Dialect) {
        self.speakers.add(dialect);
        match self.seats.iter_mut().find(|(known, _)| *known == shard) {
            Some((_, seats)) => *seats += 1,
            None => self.seats.push((shard, 1)),
        }
        self.silent_since = None;
        self.order.limit_memory(self.memory());
    }

    pub(crate) fn leave(&mut self, shard: usize, dialect: Dialect, now: Instant) {
        self.speakers.remove(dialect);
        if let Some((_, seats)) = self.seats.iter_mut().find(|(known, _)| *known == shard) {
            *seats = seats.saturating_sub(1);
        }
        self.seats.retain(|(_, seats)| *seats > 0);
        if self.seats.is_empty() {
            self.silent_since = Some(now);
        }
    }

    /// How much of the room is remembered. In a large room that is what a listener misses whose queue was
    /// full, until it has drained.
    fn memory(&self) -> Bounds {
        let listeners: usize = self.seats.iter().map(|(_, seats)| seats).sum();
        if listeners < LARGE {
            return LEAST;
        }
        Bounds {
            bytes: self.queue.bytes.saturating_mul(2).max(LEAST.bytes),
            frames: self.queue.frames.saturating_mul(2).max(LEAST.frames),
        }
    }

    /// Whether any listener uses this dialect.
    pub(crate) fn is_spoken(&self, dialect: Dialect) -> bool {
        self.speakers.are_there(dialect)
    }

    pub(crate) fn shards(&self) -> impl Iterator<Item = usize> {
        self.seats.iter().map(|(shard, _)| *shard)
    }

    pub(crate) const fn has_listeners(&self) -> bool {
        !self.seats.is_empty()
    }

    /// Whether the room has had no listeners for `after`.
    pub(crate) fn is_silent(&self, now: Instant, after: Duration) -> bool {
        self.silent_since
            .is_some_and(|since| now.saturating_duration_since(since) >= after)
    }
}
