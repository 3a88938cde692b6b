//! The outgoing frames of one WebSocket.

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use bytes::Bytes;

use crate::engine::{Home, Session};
use crate::wire;

/// How many pongs may be queued. Further pings of a client that does not read get no pong.
const MOST_OWN: usize = 8;

/// The outgoing frames of one WebSocket: a few of its own, and those of a session once it carries one.
#[derive(Default)]
pub(super) struct Line {
    own: RefCell<VecDeque<Bytes>>,
    carried: OnceCell<Carried>,
    /// The last frame was written.
    closed: Cell<bool>,
    /// Nothing more is to be written.
    over: Cell<bool>,
    writer: RefCell<Option<Waker>>,
}

/// A session, as reached from this thread.
pub(super) enum Carried {
    /// Its home is here.
    Here(Rc<Home>),
    /// Its home is on another thread.
    There(Arc<Session>),
}

impl Line {
    /// Queues a frame of the WebSocket itself.
    pub(super) fn send(&self, frame: Bytes) {
        let mut own = self.own.borrow_mut();
        if own.len() < MOST_OWN {
            own.push_back(frame);
        }
        drop(own);
        self.wake();
    }

    /// From now on it carries a session.
    pub(super) fn carry(&self, carried: Carried) {
        if let Carried::Here(home) = &carried {
            home.go_direct();
        }
        // A line carries only one session, and only once.
        drop(self.carried.set(carried));
        self.wake();
    }

    /// Ends it, with a close frame if none was written yet.
    pub(super) fn hang_up(&self) {
        self.over.set(true);
        self.wake();
    }

    /// What to write next; `None` once it is over.
    pub(super) fn poll(&self, cx: &Context<'_>) -> Poll<Option<Bytes>> {
        if self.closed.get() {
            return self.rest(cx);
        }
        if let Some(frame) = self.own.borrow_mut().pop_front() {
            return Poll::Ready(Some(frame));
        }
        let next = match self.carried.get() {
            _ if self.over.get() => Poll::Ready(None),
            Some(Carried::Here(home)) => home.poll_frames(cx),
            Some(Carried::There(session)) => session.poll_frames(cx),
            None => Poll::Pending,
        };
        match next {
            Poll::Ready(Some(piece)) => Poll::Ready(Some(piece)),
            Poll::Ready(None) => {
                self.closed.set(true);
                Poll::Ready(Some(wire::close()))
            }
            Poll::Pending => {
                self.wait(cx);
                Poll::Pending
            }
        }
    }

    /// The last frame was written, and the client has a moment to answer.
    fn rest(&self, cx: &Context<'_>) -> Poll<Option<Bytes>> {
        if self.over.get() {
            return Poll::Ready(None);
        }
        self.wait(cx);
        Poll::Pending
    }

    fn wait(&self, cx: &Context<'_>) {
        let mut writer = self.writer.borrow_mut();
        let same = writer
            .as_ref()
            .is_some_and(|known| known.will_wake(cx.waker()));
        if !same {
            *writer = Some(cx.waker().clone());
        }
    }

    fn wake(&self) {
        if let Some(writer) = self.writer.take() {
            writer.wake();
        }
    }
}
