//! What waits for one client.

use std::collections::VecDeque;

use bytes::Bytes;

use crate::options::Bounds;

/// An emptied queue keeps place for so many pieces.
const KEPT_PLACE: usize = 16;

/// A place in all that a session was handed to send. The later, the greater.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position(pub(crate) u64);

/// Some frames in one piece, whole.
struct Piece {
    bytes: Bytes,
    frames: usize,
}

/// Frames that wait, in order, up to the bounds.
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

    /// Whether so many more fit when everything may be so many times as large as the bounds.
    pub(super) const fn fits(&self, bytes: usize, frames: usize, times: usize) -> bool {
        // A piece that is larger than all that may wait goes alone.
        self.frames == 0
            || (self.frames.saturating_add(frames) <= self.bounds.frames.saturating_mul(times)
                && self.bytes.saturating_add(bytes) <= self.bounds.bytes.saturating_mul(times))
    }

    pub(super) fn push(&mut self, bytes: Bytes, frames: usize) {
        self.bytes = self.bytes.saturating_add(bytes.len());
        self.frames = self.frames.saturating_add(frames);
        self.pieces.push_back(Piece { bytes, frames });
    }

    pub(super) fn pop(&mut self) -> Option<Bytes> {
        let piece = self.pieces.pop_front()?;
        self.bytes = self.bytes.saturating_sub(piece.bytes.len());
        self.frames = self.frames.saturating_sub(piece.frames);
        // A burst does not hold on to its memory.
        if self.pieces.is_empty() && self.pieces.capacity() > KEPT_PLACE {
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

    /// Whether so little waits that whoever waits for place may go on.
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
}
