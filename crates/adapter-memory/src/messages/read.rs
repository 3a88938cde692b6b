//! Reading ranges of a log.

use std::ops::Bound::{Excluded, Unbounded};

use domain::port::messages::{View, Window};
use domain::{Message, MessageId, Seq};

use crate::state::{MessageRow, RoomRow, State};

impl State {
    /// A range of a room's log above the view's floor, by rising seq.
    pub(super) fn page(&self, view: &View, window: Window, limit: usize) -> Vec<Message> {
        let Some(row) = self.rooms.get(&view.room) else {
            return Vec::new();
        };
        let rows = match window {
            Window::Newest => last(row, view.floor, Seq::MAX, limit),
            Window::Before(seq) => match before(seq) {
                Some(end) => last(row, view.floor, end, limit),
                None => Vec::new(),
            },
            Window::After(seq) => first(row, view.floor.max(seq), limit),
            Window::Around(seq) => {
                let after = limit / 2;
                let mut rows = last(row, view.floor, seq, limit.saturating_sub(after));
                rows.extend(first(row, view.floor.max(seq), after));
                rows
            }
        };
        self.show_all(&rows, view)
    }

    /// A thread's replies after a seq, by rising seq, without its root.
    pub(super) fn replies(
        &self,
        view: &View,
        root: MessageId,
        after: Seq,
        limit: usize,
    ) -> Vec<Message> {
        let Some(row) = self.rooms.get(&view.room) else {
            return Vec::new();
        };
        let start = Excluded(view.floor.max(after));
        let rows = row.log.range((start, Unbounded)).map(|(_, row)| row);
        let replies = rows.filter(|row| row.message.thread == Some(root));
        let replies: Vec<_> = replies.take(limit).collect();
        self.show_all(&replies, view)
    }

    /// A room's pinned messages before a seq, by falling seq.
    pub(super) fn pins(&self, view: &View, from: Option<Seq>, limit: usize) -> Vec<Message> {
        let Some(row) = self.rooms.get(&view.room) else {
            return Vec::new();
        };
        let Some(end) = from.map_or(Some(Seq::MAX), before) else {
            return Vec::new();
        };
        let rows = row.log.range(..=end).rev().map(|(_, row)| row);
        let above = rows.take_while(|row| row.message.seq > view.floor);
        let pinned = above.filter(|row| row.message.pinned);
        let pins: Vec<_> = pinned.take(limit).collect();
        self.show_all(&pins, view)
    }

    /// The last messages up to a seq that mention the view's reader, by rising seq.
    pub(super) fn mentioning(&self, view: &View, up_to: Seq, limit: usize) -> Vec<Message> {
        let Some(row) = self.rooms.get(&view.room) else {
            return Vec::new();
        };
        let rows = row.log.range(..=up_to).rev().map(|(_, row)| row);
        let above = rows.take_while(|row| row.message.seq > view.floor);
        let theirs = above.filter(|row| row.message.mentions.contains(&view.reader));
        let mut found: Vec<_> = theirs.take(limit).collect();
        found.reverse();
        self.show_all(&found, view)
    }

    fn show_all(&self, rows: &[&MessageRow], view: &View) -> Vec<Message> {
        let shown = rows.iter().map(|row| self.show(row, view.reader));
        shown.collect()
    }
}

/// The previous seq; `None` before the beginning.
fn before(seq: Seq) -> Option<Seq> {
    Seq::new(seq.get().saturating_sub(1))
}

/// The last messages up to and including `end`, above the floor, by rising seq.
fn last(row: &RoomRow, floor: Seq, end: Seq, limit: usize) -> Vec<&MessageRow> {
    let falling = row.log.range(..=end).rev().map(|(_, row)| row);
    let above = falling.take_while(|row| row.message.seq > floor);
    let mut rows: Vec<_> = above.take(limit).collect();
    rows.reverse();
    rows
}

/// The first messages after a seq.
fn first(row: &RoomRow, after: Seq, limit: usize) -> Vec<&MessageRow> {
    let rising = row.log.range((Excluded(after), Unbounded));
    rising.map(|(_, row)| row).take(limit).collect()
}
