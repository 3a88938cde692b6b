//! The body of a handshake's response, which lasts as long as the WebSocket.

use std::convert::Infallible;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use actix_web::body::{BodySize, BoxBody, MessageBody};
use bytes::Bytes;

use super::line::Line;

/// Hands the frames to the framework, which writes together what it gets together.
pub(super) struct Body {
    line: Rc<Line>,
    /// Keeps the reading half open for as long as this body lives.
    _reading: BoxBody,
}

impl Body {
    pub(super) fn new(line: Rc<Line>, reading: BoxBody) -> Self {
        Self {
            line,
            _reading: reading,
        }
    }
}

impl MessageBody for Body {
    type Error = Infallible;

    fn size(&self) -> BodySize {
        BodySize::Stream
    }

    fn poll_next(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, Infallible>>> {
        self.line.poll(cx).map(|next| next.map(Ok))
    }
}
