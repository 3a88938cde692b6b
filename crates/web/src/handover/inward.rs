//! What a client sends after its handshake.

use std::pin::Pin;
use std::rc::{Rc, Weak};
use std::task::{Context, Poll, ready};

use actix_web::dev::Payload;
use actix_web::error::PayloadError;
use bytes::Bytes;
use futures::Stream;

use super::line::Line;

/// How much is delivered before a `Pending`: until it gets one, the reader buffers and does not parse.
const MOUTHFUL: usize = 32 * 1024;

/// What a client sends after its handshake: first the part that HTTP has already read, then what is read
/// from the connection itself.
pub(super) struct Inward {
    http: Option<Payload>,
    /// How much was delivered since the last `Pending`.
    taken: usize,
    /// Weak, so that the reader does not keep the connection open.
    line: Weak<Line>,
}

impl Inward {
    pub(super) fn new(http: Payload, line: &Rc<Line>) -> Self {
        Self {
            http: Some(http),
            taken: 0,
            line: Rc::downgrade(line),
        }
    }

    pub(super) fn into_payload(self) -> Payload {
        Payload::Stream {
            payload: Box::pin(self),
        }
    }
}

impl Stream for Inward {
    type Item = Result<Bytes, PayloadError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let line = self.line.upgrade();
        if let Some(http) = &mut self.http {
            match ready!(Pin::new(http).poll_next(cx)) {
                // HTTP has delivered all that it read: it was dropped, or was shown the end of the input.
                Some(Err(_)) | None if line.as_ref().is_some_and(|line| line.has_left_http()) => {
                    self.http = None;
                }
                read => return Poll::Ready(read),
            }
        }
        let Some(line) = line else {
            return Poll::Ready(None);
        };
        if self.taken >= MOUTHFUL {
            self.taken = 0;
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        let read = line.poll_read(cx);
        self.taken = match &read {
            Poll::Ready(Some(Ok(bytes))) => self.taken.saturating_add(bytes.len()),
            Poll::Ready(_) | Poll::Pending => 0,
        };
        read.map(|read| read.map(|read| read.map_err(PayloadError::Io)))
    }
}
