//! A socket's outgoing frames, as a response body.

use std::cell::{OnceCell, RefCell};
use std::collections::VecDeque;
use std::convert::Infallible;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use actix_web::body::{BodySize, BoxBody, MessageBody};
use bytes::Bytes;
use realtime::Connection;

/// How many frames may be queued before authentication. They are pongs, and a close at the end.
const MOST_EARLY: usize = 8;

/// A socket's outgoing frames: a few before the client is authenticated, and after that those of its
/// connection's queue.
#[derive(Default)]
pub(super) struct Pipe {
    connection: OnceCell<Rc<Connection>>,
    early: RefCell<Early>,
}

#[derive(Default)]
struct Early {
    frames: VecDeque<Bytes>,
    closed: bool,
    reader: Option<Waker>,
}

impl Pipe {
    /// Sends a frame before the client is authenticated.
    pub(super) fn send(&self, frame: Bytes) {
        let mut early = self.early.borrow_mut();
        if early.frames.len() < MOST_EARLY {
            early.frames.push_back(frame);
        }
        early.wake();
    }

    /// Sends the last frame before the client is authenticated. There is always room for it.
    pub(super) fn send_last(&self, frame: Bytes) {
        let mut early = self.early.borrow_mut();
        early.frames.truncate(MOST_EARLY - 1);
        early.frames.push_back(frame);
        early.wake();
    }

    /// Ends before the client is authenticated, once everything queued was sent.
    pub(super) fn close(&self) {
        let mut early = self.early.borrow_mut();
        early.closed = true;
        early.wake();
    }

    /// From now on, sends the queue of this connection.
    pub(super) fn join(&self, connection: Rc<Connection>) {
        // A pipe is joined once.
        drop(self.connection.set(connection));
        self.early.borrow_mut().wake();
    }

    fn poll(&self, cx: &Context<'_>) -> Poll<Option<Bytes>> {
        let mut early = self.early.borrow_mut();
        if let Some(frame) = early.frames.pop_front() {
            return Poll::Ready(Some(frame));
        }
        if let Some(connection) = self.connection.get() {
            return connection.poll(cx);
        }
        if early.closed {
            return Poll::Ready(None);
        }
        early.reader = Some(cx.waker().clone());
        Poll::Pending
    }
}

impl Early {
    fn wake(&mut self) {
        if let Some(reader) = self.reader.take() {
            reader.wake();
        }
    }
}

/// The body of the handshake's response, which lasts as long as the socket.
pub(super) struct Outgoing {
    pipe: Rc<Pipe>,
    /// Keeps the reading half open for as long as this body lives.
    _reading: BoxBody,
}

impl Outgoing {
    pub(super) fn new(pipe: Rc<Pipe>, reading: BoxBody) -> Self {
        Self {
            pipe,
            _reading: reading,
        }
    }
}

impl MessageBody for Outgoing {
    type Error = Infallible;

    fn size(&self) -> BodySize {
        BodySize::Stream
    }

    fn poll_next(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, Infallible>>> {
        self.pipe.poll(cx).map(|next| next.map(Ok))
    }
}

#[cfg(test)]
mod tests {
    use futures::task::noop_waker;

    use super::*;

    fn next(pipe: &Pipe) -> Poll<Option<Bytes>> {
        pipe.poll(&Context::from_waker(&noop_waker()))
    }

    #[test]
    fn what_was_sent_early_leaves_before_the_end() {
        let pipe = Pipe::default();
        assert_eq!(next(&pipe), Poll::Pending);
        pipe.send(Bytes::from_static(b"one"));
        pipe.close();
        assert_eq!(next(&pipe), Poll::Ready(Some(Bytes::from_static(b"one"))));
        assert_eq!(next(&pipe), Poll::Ready(None));
    }

    #[test]
    fn a_client_that_nobody_knows_is_owed_little() {
        let pipe = Pipe::default();
        for _ in 0..100 {
            pipe.send(Bytes::from_static(b"pong"));
        }
        let sent = std::iter::from_fn(|| match next(&pipe) {
            Poll::Ready(frame) => frame,
            Poll::Pending => None,
        });
        assert_eq!(sent.count(), MOST_EARLY);
    }

    #[test]
    fn however_many_pongs_are_owed_the_client_learns_why_it_has_to_go() {
        let pipe = Pipe::default();
        for _ in 0..100 {
            pipe.send(Bytes::from_static(b"pong"));
        }
        pipe.send_last(Bytes::from_static(b"close"));
        pipe.close();
        let sent = std::iter::from_fn(|| match next(&pipe) {
            Poll::Ready(frame) => frame,
            Poll::Pending => None,
        });
        let sent: Vec<Bytes> = sent.collect();
        assert_eq!(sent.len(), MOST_EARLY);
        assert_eq!(sent.last(), Some(&Bytes::from_static(b"close")));
    }
}
