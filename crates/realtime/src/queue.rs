//! What waits for one connection.

use std::collections::{HashMap, VecDeque};
use std::rc::Rc;
use std::task::{Context, Poll};
use std::time::Instant;

use bytes::Bytes;
use domain::{RoomId, UserId};

use crate::turns::{Turns, Writer};

/// How much may wait for a connection.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// So many bytes.
    pub bytes: usize,
    /// So many frames.
    pub frames: usize,
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            bytes: 1024 * 1024,
            frames: 1024,
        }
    }
}

/// Of receipts of so many people, each the latest, a connection is told once there is place.
pub(crate) const MOST_RECEIPTS: usize = 256;
/// An emptied queue keeps place for so many pieces.
const KEPT_PLACE: usize = 16;

/// Some frames in one piece, whole.
struct Piece {
    bytes: Bytes,
    frames: usize,
}

/// Frames that wait, in order, up to the bounds. What is beyond them depends on what it is.
pub(crate) struct Queue {
    bounds: Bounds,
    pieces: VecDeque<Piece>,
    bytes: usize,
    frames: usize,
    /// Receipts that wait until there is place, the latest of each person.
    receipts: HashMap<(RoomId, UserId), Bytes>,
    /// Nothing comes after what waits now.
    ended: bool,
    /// Since when the front waits without being taken.
    waiting_since: Option<Instant>,
    writer: Rc<Writer>,
    /// Where it waits when there is something that many others are told as well.
    turns: Rc<Turns>,
}

impl Queue {
    pub(crate) fn new(bounds: Bounds, turns: Rc<Turns>) -> Self {
        Self {
            bounds,
            pieces: VecDeque::new(),
            bytes: 0,
            frames: 0,
            receipts: HashMap::new(),
            ended: false,
            waiting_since: None,
            writer: Rc::default(),
            turns,
        }
    }

    /// Takes frames that can be read again from the store, unless the queue is full. There is always
    /// place for nothing.
    #[must_use]
    pub(crate) fn push(&mut self, bytes: Bytes, frames: usize, now: Instant) -> bool {
        let place = self.frames.saturating_add(frames) <= self.bounds.frames
            && self.bytes.saturating_add(bytes.len()) <= self.bounds.bytes;
        let place = place || bytes.is_empty();
        if place {
            self.take(bytes, frames, now);
            self.wait_for_turn();
        }
        place
    }

    /// Takes a frame that nobody would say again, such as an answer. Answers `false` when even twice
    /// the bounds are full, because nobody reads them.
    #[must_use]
    pub(crate) fn insist(&mut self, bytes: Bytes, frames: usize) -> bool {
        let place = self.frames <= self.bounds.frames.saturating_mul(2)
            && self.bytes <= self.bounds.bytes.saturating_mul(2);
        if place {
            self.take(bytes, frames, Instant::now());
            self.writer.wake();
        }
        place
    }

    /// Takes what is of no use later, unless half of the queue is full.
    pub(crate) fn whisper(&mut self, bytes: Bytes, now: Instant) {
        if !self.is_half_full() {
            self.take(bytes, 1, now);
            self.wait_for_turn();
        }
    }

    /// Takes a receipt. Of each person the latest is enough.
    pub(crate) fn receipt(&mut self, key: (RoomId, UserId), bytes: Bytes, now: Instant) {
        if !self.is_half_full() || bytes.is_empty() {
            self.take(bytes, 1, now);
            self.wait_for_turn();
        } else if self.receipts.len() < MOST_RECEIPTS || self.receipts.contains_key(&key) {
            self.receipts.insert(key, bytes);
        }
    }

    /// Lets nothing in any more. What waits is still read, but for receipts that had no place.
    pub(crate) fn end(&mut self) {
        self.ended = true;
        self.receipts = HashMap::new();
        self.writer.wake();
    }

    /// Throws away what waits: its reader does not read.
    pub(crate) fn clear(&mut self) {
        self.pieces = VecDeque::new();
        self.receipts = HashMap::new();
        self.bytes = 0;
        self.frames = 0;
        self.waiting_since = None;
    }

    /// The next piece; nothing once all is read and nothing more comes.
    pub(crate) fn poll(&mut self, cx: &Context<'_>) -> Poll<Option<Bytes>> {
        if let Some(piece) = self.pieces.pop_front() {
            self.bytes = self.bytes.saturating_sub(piece.bytes.len());
            self.frames = self.frames.saturating_sub(piece.frames);
            self.waiting_since = (!self.pieces.is_empty()).then(Instant::now);
            if !self.receipts.is_empty() && !self.is_half_full() {
                self.tell_receipts();
            }
            // A burst does not hold on to its memory.
            if self.pieces.is_empty() && self.pieces.capacity() > KEPT_PLACE {
                self.pieces = VecDeque::new();
            }
            return Poll::Ready(Some(piece.bytes));
        }
        if self.ended {
            return Poll::Ready(None);
        }
        self.writer.sleep(cx.waker());
        Poll::Pending
    }

    /// Since when something waits and nothing is taken.
    pub(crate) const fn waiting_since(&self) -> Option<Instant> {
        self.waiting_since
    }

    pub(crate) const fn is_ended(&self) -> bool {
        self.ended
    }

    pub(crate) const fn is_half_full(&self) -> bool {
        self.frames > self.bounds.frames / 2 || self.bytes > self.bounds.bytes / 2
    }

    /// Whether so little waits that whoever fell behind may catch up.
    pub(crate) const fn is_drained(&self) -> bool {
        self.frames <= self.bounds.frames / 4 && self.bytes <= self.bounds.bytes / 4
    }

    #[cfg(test)]
    pub(crate) fn places(&self) -> usize {
        self.pieces.capacity()
    }

    fn take(&mut self, bytes: Bytes, frames: usize, now: Instant) {
        if self.ended || bytes.is_empty() {
            return;
        }
        if self.pieces.is_empty() {
            self.waiting_since = Some(now);
        }
        self.bytes = self.bytes.saturating_add(bytes.len());
        self.frames = self.frames.saturating_add(frames);
        self.pieces.push_back(Piece { bytes, frames });
    }

    fn tell_receipts(&mut self) {
        let now = Instant::now();
        for (key, bytes) in std::mem::take(&mut self.receipts) {
            // Those for whom there is no place either go on waiting.
            self.receipt(key, bytes, now);
        }
    }

    /// The writer is woken when it is its turn.
    fn wait_for_turn(&self) {
        if !self.pieces.is_empty() {
            self.turns.wait(&self.writer);
        }
    }
}
