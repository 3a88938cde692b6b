//! The outgoing queue of one client.

use std::collections::VecDeque;

use bytes::Bytes;

use crate::options::Bounds;

/// The capacity that an emptied queue keeps, in pieces.
const KEPT_CAPACITY: usize = 16;

/// A position in everything that a session was given to send. Later positions are greater.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position(pub(crate) u64);

/// Whole frames in one piece.
struct Piece {
    bytes: Bytes,
    frames: usize,
}

/// Queued frames, in order, up to the bounds.
pub(super) struct Queue {
    bounds: Bounds,
    pieces: VecDeque<Piece>,
    bytes: usize,
    frames: usize,
}

impl Queue {
    pub(super) const fn new(bounds: Bounds) -> Self {
        Self {
            bounds,
            pieces: VecDeque::new(),
            bytes: 0,
            frames: 0,
        }
    }

    /// Whether this many more fit if the whole may be `times` as large as the bounds.
    pub(super) fn fits(&self, bytes: usize, frames: usize, times: usize) -> bool {
        let more = self.weight(bytes, frames);
        // A piece larger than the whole queue is accepted alone.
        self.frames == 0
            || (self.frames.saturating_add(more.frames) <= self.bounds.frames.saturating_mul(times)
                && self.bytes.saturating_add(more.bytes) <= self.bounds.bytes.saturating_mul(times))
    }

    /// What a piece counts for. A single frame may be larger than the whole queue; it must not keep out
    /// the answer that follows it.
    fn weight(&self, bytes: usize, frames: usize) -> Bounds {
        Bounds {
            bytes: bytes.min(self.bounds.bytes),
            frames: frames.min(self.bounds.frames),
        }
    }

    pub(super) fn push(&mut self, bytes: Bytes, frames: usize) {
        let weight = self.weight(bytes.len(), frames);
        self.bytes = self.bytes.saturating_add(weight.bytes);
        self.frames = self.frames.saturating_add(weight.frames);
        self.pieces.push_back(Piece { bytes, frames });
    }

    pub(super) fn pop(&mut self) -> Option<Bytes> {
        let piece = self.pieces.pop_front()?;
        let weight = self.weight(piece.bytes.len(), piece.frames);
        self.bytes = self.bytes.saturating_sub(weight.bytes);
        self.frames = self.frames.saturating_sub(weight.frames);
        // A burst must not pin its memory.
        if self.pieces.is_empty() && self.pieces.capacity() > KEPT_CAPACITY {
            self.pieces = VecDeque::new();
        }
        Some(piece.bytes)
    }

    pub(super) fn pop_all(&mut self) -> Vec<Bytes> {
        std::iter::from_fn(|| self.pop()).collect()
    }

    pub(super) fn clear(&mut self) {
        self.pieces = VecDeque::new();
        self.bytes = 0;
        self.frames = 0;
    }

    pub(super) fn is_empty(&self) -> bool {
        self.pieces.is_empty()
    }

    pub(super) const fn is_half_full(&self) -> bool {
        self.frames > self.bounds.frames / 2 || self.bytes > self.bounds.bytes / 2
    }

    /// Whether the queue has drained enough for those that wait for room in it.
    pub(super) const fn is_drained(&self) -> bool {
        self.frames <= self.bounds.frames / 4 && self.bytes <= self.bounds.bytes / 4
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_queue_is_full_by_bytes_or_by_frames() {
        let bounds = Bounds {
            bytes: 10,
            frames: 2,
        };
        let mut queue = Queue::new(bounds);
        assert!(queue.fits(100, 1, 1), "what is alone always fits");
        queue.push(Bytes::from_static(b"12345"), 1);
        assert!(queue.fits(5, 1, 1));
        assert!(!queue.fits(6, 1, 1));
        assert!(!queue.fits(1, 2, 1));
        assert!(queue.fits(6, 2, 2));
        assert_eq!(queue.pop().as_deref(), Some(&b"12345"[..]));
        assert!(queue.is_empty() && queue.is_drained());
    }

    #[test]
    fn an_answer_fits_behind_a_piece_larger_than_the_queue() {
        let bounds = Bounds {
            bytes: 10,
            frames: 2,
        };
        let mut queue = Queue::new(bounds);
        queue.push(Bytes::from_static(b"12345"), 1);
        assert!(!queue.fits(1000, 1, 1));
        assert!(queue.fits(1000, 1, 2));
        queue.push(Bytes::from(vec![b'x'; 1000]), 1);
        assert!(!queue.fits(1, 1, 1));
        assert!(queue.fits(5, 1, 2));
        assert_eq!(queue.pop_all().len(), 2);
        assert!(queue.is_empty() && queue.is_drained());
    }
}
