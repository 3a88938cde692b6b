//! Incoming events for a socket's owner.

use std::collections::VecDeque;
use std::sync::Mutex;
use std::task::{Context, Poll, Waker};

use tokio::sync::Notify;

use super::incoming::{Event, Incoming};
use crate::lock::lock;
use crate::reason::Reason;

/// Incoming events for a socket's owner. While it is full, whatever brings more has to wait.
pub(super) struct Inbox {
    state: Mutex<State>,
    place: Notify,
    /// How many events may be queued.
    most: usize,
    /// How many bytes they may have, as they came over the wire.
    bytes: usize,
    /// How many bytes may be borrowed beyond that.
    lends: usize,
}

#[derive(Default)]
struct State {
    events: VecDeque<(Event, usize)>,
    bytes: usize,
    /// How many bytes were accepted beyond the bounds since there was last room.
    lent: usize,
    connected: bool,
    ended: Option<Reason>,
    told: bool,
    reader: Option<Waker>,
}

impl Inbox {
    pub(super) fn new(most: usize, bytes: usize, lends: usize) -> Self {
        Self {
            state: Mutex::default(),
            place: Notify::new(),
            most,
            bytes,
            lends,
        }
    }

    /// Records that the client was told that it is connected. Returns `false` if it is already gone.
    #[must_use]
    pub(super) fn connect(&self) -> bool {
        let mut state = lock(&self.state);
        state.connected = true;
        state.ended.is_none()
    }

    pub(super) fn is_connected(&self) -> bool {
        let state = lock(&self.state);
        state.connected && state.ended.is_none()
    }

    pub(super) fn ended(&self) -> Option<Reason> {
        lock(&self.state).ended
    }

    /// Queues an event as soon as there is room. Once the socket is gone, drops it.
    ///
    /// While `in_need` says so, the queue lends as much room as one request may need.
    pub(super) async fn put(&self, event: Event, size: usize, in_need: impl Fn() -> bool) {
        let mut event = Some(event);
        loop {
            let place = self.place.notified();
            if self.take(&mut event, size, in_need()) {
                return;
            }
            place.await;
        }
    }

    /// Accepts an event if there is room, or if it is no longer needed.
    fn take(&self, event: &mut Option<Event>, size: usize, in_need: bool) -> bool {
        let mut state = lock(&self.state);
        if state.ended.is_some() {
            return true;
        }
        let bytes = state.bytes.saturating_add(size);
        let lent = state.lent.saturating_add(size);
        let fits = state.events.len() < self.most && bytes <= self.bytes;
        let borrows = !fits && in_need && lent <= self.lends;
        let taken = fits || borrows || state.events.is_empty();
        if taken {
            state.events.extend(event.take().map(|event| (event, size)));
            state.bytes = bytes;
            state.lent = if borrows { lent } else { 0 };
            state.wake();
        }
        taken
    }

    /// Makes waiting events check again whether they are in need.
    pub(super) fn nudge(&self) {
        self.place.notify_waiters();
    }

    /// Drops all events, which nothing will read.
    pub(super) fn clear(&self) {
        lock(&self.state).events = VecDeque::new();
    }

    /// What came in; `None` once the end was reported.
    pub(super) fn poll(&self, cx: &Context<'_>) -> Poll<Option<Incoming>> {
        let mut state = lock(&self.state);
        if let Some((event, size)) = state.events.pop_front() {
            state.bytes = state.bytes.saturating_sub(size);
            if state.events.is_empty() {
                // A burst must not pin its memory.
                state.events = VecDeque::new();
            }
            drop(state);
            self.place.notify_waiters();
            return Poll::Ready(Some(Incoming::Event(event)));
        }
        match state.ended {
            Some(_) if state.told => Poll::Ready(None),
            Some(reason) => {
                state.told = true;
                Poll::Ready(Some(Incoming::Gone(reason)))
            }
            None => {
                state.reader = Some(cx.waker().clone());
                Poll::Pending
            }
        }
    }

    /// Accepts nothing more. What is queued is still read, unless the owner itself ended it. Returns
    /// `false` if it had ended before.
    pub(super) fn end(&self, reason: Reason) -> bool {
        {
            let mut state = lock(&self.state);
            if state.ended.is_some() {
                return false;
            }
            state.ended = Some(reason);
            if reason == Reason::ServerDisconnect {
                state.events = VecDeque::new();
            }
            state.wake();
        }
        self.place.notify_waiters();
        true
    }
}

impl State {
    fn wake(&mut self) {
        if let Some(reader) = self.reader.take() {
            reader.wake();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::pin::pin;

    use futures::FutureExt as _;
    use futures::future::poll_fn;

    use super::*;

    fn event(name: &str) -> Event {
        Event {
            name: name.to_owned(),
            args: Vec::new(),
            attachments: Vec::new(),
            ack: None,
        }
    }

    async fn put(inbox: &Inbox, name: &str, size: usize) {
        inbox.put(event(name), size, || false).await;
    }

    async fn next(inbox: &Inbox) -> Option<String> {
        match poll_fn(|cx| inbox.poll(cx)).await? {
            Incoming::Event(event) => Some(event.name),
            Incoming::Gone(reason) => Some(reason.to_string()),
        }
    }

    #[tokio::test]
    async fn whoever_brings_too_much_waits() {
        let inbox = Inbox::new(2, 10, 10);
        put(&inbox, "one", 5).await;
        put(&inbox, "two", 5).await;
        let mut third = pin!(put(&inbox, "three", 5));
        assert_eq!(third.as_mut().now_or_never(), None);
        assert_eq!(next(&inbox).await.as_deref(), Some("one"));
        third.await;
        assert_eq!(next(&inbox).await.as_deref(), Some("two"));
        assert_eq!(next(&inbox).await.as_deref(), Some("three"));
        put(&inbox, "larger than all", 1_000).await;
    }

    #[tokio::test]
    async fn what_one_request_brings_has_place_in_need() {
        let inbox = Inbox::new(2, 10, 10);
        let in_need = Cell::new(false);
        put(&inbox, "one", 5).await;
        put(&inbox, "two", 5).await;
        let mut third = pin!(inbox.put(event("three"), 5, || in_need.get()));
        assert_eq!(third.as_mut().now_or_never(), None);
        in_need.set(true);
        inbox.nudge();
        third.await;
        inbox.put(event("four"), 5, || true).await;
        let beyond = pin!(inbox.put(event("five"), 5, || true));
        assert_eq!(beyond.now_or_never(), None);
        for name in ["one", "two", "three", "four"] {
            assert_eq!(next(&inbox).await.as_deref(), Some(name));
        }
        // And again, once there was place.
        put(&inbox, "six", 5).await;
        put(&inbox, "seven", 5).await;
        inbox.put(event("eight"), 10, || true).await;
    }

    #[tokio::test]
    async fn what_waits_is_read_before_the_end() {
        let inbox = Inbox::new(2, 10, 10);
        put(&inbox, "one", 5).await;
        assert!(inbox.end(Reason::TransportClose));
        assert!(!inbox.end(Reason::PingTimeout));
        put(&inbox, "late", 5).await;
        assert_eq!(next(&inbox).await.as_deref(), Some("one"));
        assert_eq!(next(&inbox).await.as_deref(), Some("transport close"));
        assert_eq!(next(&inbox).await, None);
    }
}
