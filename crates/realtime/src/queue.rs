//! The outgoing queue of one connection.

use std::collections::{HashMap, VecDeque};
use std::rc::Rc;
use std::task::{Context, Poll};
use std::time::Instant;

use bytes::Bytes;
use domain::{RoomId, UserId};

use crate::turns::{Turns, Writer};

/// How much may be queued for a connection.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// At most this many bytes.
    pub bytes: usize,
    /// At most this many frames.
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

/// How many receipts are held back while a queue is congested: the latest of each user in each room.
pub(crate) const MOST_RECEIPTS: usize = 256;
/// The capacity that an emptied queue keeps, in pieces.
const KEPT_CAPACITY: usize = 16;

/// Whole frames, queued in one piece.
struct Queued {
    bytes: Bytes,
    frames: usize,
}

/// Queued frames, in order, up to the bounds. What happens beyond them depends on the kind of frame.
pub(crate) struct Queue {
    bounds: Bounds,
    pieces: VecDeque<Queued>,
    bytes: usize,
    frames: usize,
    /// Receipts held back until the queue has room, the latest of each user.
    receipts: HashMap<(RoomId, UserId), Bytes>,
    /// Nothing more is accepted.
    ended: bool,
    /// Since when the front of the queue has been waiting.
    waiting_since: Option<Instant>,
    writer: Rc<Writer>,
    /// Where its writer queues for its turn when a broadcast is to be written.
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

    /// Accepts frames that can be read again from the store, unless the queue is full. Accepting nothing
    /// always succeeds.
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

    /// Accepts a frame that would not be sent again, such as a reply. Returns `false` once the queue
    /// exceeds twice its bounds, because the client does not read.
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

    /// Accepts a frame that is of no use later, unless the queue is half full.
    pub(crate) fn whisper(&mut self, bytes: Bytes, now: Instant) {
        if !self.is_half_full() {
            self.take(bytes, 1, now);
            self.wait_for_turn();
        }
    }

    /// Accepts a receipt. Only the latest of each user matters.
    pub(crate) fn receipt(&mut self, key: (RoomId, UserId), bytes: Bytes, now: Instant) {
        if !self.is_half_full() || bytes.is_empty() {
            self.take(bytes, 1, now);
            self.wait_for_turn();
        } else if self.receipts.len() < MOST_RECEIPTS || self.receipts.contains_key(&key) {
            self.receipts.insert(key, bytes);
        }
    }

    /// Discards the receipts of a room that are held back.
    pub(crate) fn forget_receipts(&mut self, room: RoomId) {
        self.receipts.retain(|(of, _), _| *of != room);
    }

    /// Accepts nothing more. What is queued is still read, except for receipts held back.
    pub(crate) fn end(&mut self) {
        self.ended = true;
        self.receipts = HashMap::new();
        self.writer.wake();
    }

    /// Discards the queue, because the client does not read it.
    pub(crate) fn clear(&mut self) {
        self.pieces = VecDeque::new();
        self.receipts = HashMap::new();
        self.bytes = 0;
        self.frames = 0;
        self.waiting_since = None;
    }

    /// The next piece; `None` once everything is read and nothing more can come.
    pub(crate) fn poll(&mut self, cx: &Context<'_>) -> Poll<Option<Bytes>> {
        if let Some(piece) = self.pieces.pop_front() {
            let weight = self.weight_of(&piece);
            self.bytes = self.bytes.saturating_sub(weight.bytes);
            self.frames = self.frames.saturating_sub(weight.frames);
            self.waiting_since = (!self.pieces.is_empty()).then(Instant::now);
            if !self.receipts.is_empty() && !self.is_half_full() {
                self.tell_receipts();
            }
            // A burst must not pin its memory.
            if self.pieces.is_empty() && self.pieces.capacity() > KEPT_CAPACITY {
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

    /// Since when the front of the queue has been waiting, if anything is queued.
    pub(crate) const fn waiting_since(&self) -> Option<Instant> {
        self.waiting_since
    }

    pub(crate) const fn is_ended(&self) -> bool {
        self.ended
    }

    pub(crate) const fn is_half_full(&self) -> bool {
        self.frames > self.bounds.frames / 2 || self.bytes > self.bounds.bytes / 2
    }

    /// Whether the queue has drained enough for a connection that fell behind to catch up.
    pub(crate) const fn is_drained(&self) -> bool {
        self.frames <= self.bounds.frames / 4 && self.bytes <= self.bounds.bytes / 4
    }

    /// The most to add in one piece once the queue is drained, so that what follows still fits.
    pub(crate) const fn portion(&self) -> Bounds {
        Bounds {
            bytes: self.bounds.bytes / 4,
            frames: self.bounds.frames / 4,
        }
    }

    /// What a piece counts for. A single frame may be larger than the whole queue; it must not keep out
    /// the answer that follows it.
    fn weight_of(&self, piece: &Queued) -> Bounds {
        Bounds {
            bytes: piece.bytes.len().min(self.bounds.bytes),
            frames: piece.frames.min(self.bounds.frames),
        }
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
        let piece = Queued { bytes, frames };
        let weight = self.weight_of(&piece);
        self.bytes = self.bytes.saturating_add(weight.bytes);
        self.frames = self.frames.saturating_add(weight.frames);
        self.pieces.push_back(piece);
    }

    fn tell_receipts(&mut self) {
        let now = Instant::now();
        for (key, bytes) in std::mem::take(&mut self.receipts) {
            // Those that still do not fit are held back again.
            self.receipt(key, bytes, now);
        }
    }

    /// The writer is woken when its turn comes.
    fn wait_for_turn(&self) {
        if !self.pieces.is_empty() {
            self.turns.wait(&self.writer);
        }
    }
}
