//! What a client is sent after its handshake.

use std::cell::RefCell;
use std::convert::Infallible;
use std::io;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use actix_web::body::{BodySize, BoxBody, MessageBody};
use bytes::{Buf as _, Bytes};
use futures::future::poll_fn;
use tokio::task::yield_now;
use tokio::time::timeout;

use super::line::Line;

/// How much is written at a time when several pieces are joined.
const WRITE: usize = 32 * 1024;
/// How long a client may take to close its side after we closed ours. Cutting it off at once could lose
/// data that was sent to it.
pub(crate) const LINGER: Duration = Duration::from_secs(1);

thread_local! {
    /// The buffer in which all connections of a worker join pieces.
    static DESK: RefCell<Vec<u8>> = RefCell::new(Vec::with_capacity(2 * WRITE));
}

/// The body of a handshake's response, as HTTP sees it: it is empty, and takes the connection from HTTP.
pub(super) struct Departure {
    line: Rc<Line>,
    body: Option<BoxBody>,
}

impl Departure {
    pub(super) const fn new(line: Rc<Line>, body: BoxBody) -> Self {
        Self {
            line,
            body: Some(body),
        }
    }
}

impl MessageBody for Departure {
    type Error = Infallible;

    fn size(&self) -> BodySize {
        BodySize::Stream
    }

    /// HTTP asks for the body once the head of the response is in its buffer.
    fn poll_next(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, Infallible>>> {
        if let Some(body) = self.body.take() {
            self.line.depart(body);
        }
        Poll::Ready(None)
    }
}

/// Writes a body to the client, until the body ends or the connection fails.
pub(super) async fn carry(line: &Line, body: BoxBody) {
    let mut outward = Outward {
        body: Some(body),
        rest: Bytes::new(),
    };
    let sent = poll_fn(|cx| outward.poll_send(line, cx)).await;
    drop(outward);
    match sent {
        Ok(()) => {
            line.end();
            let noticed = Box::pin(timeout(LINGER, poll_fn(|cx| line.poll_drain(cx))));
            // A client that has not closed its side by now is cut off.
            drop(noticed.await);
        }
        Err(error) => {
            tracing::debug!(%error, "could not write to a socket; the connection is closed");
            // The reader learns of it because the body was dropped. This lets it first read what has arrived.
            yield_now().await;
            line.end();
        }
    }
}

/// What is still to be sent.
struct Outward {
    /// `None` once it has ended.
    body: Option<BoxBody>,
    /// What did not fit into the socket's send buffer yet.
    rest: Bytes,
}

impl Outward {
    fn poll_send(&mut self, line: &Line, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        loop {
            while !self.rest.is_empty() {
                let length = ready!(line.poll_write(cx, &self.rest))?;
                self.rest.advance(written(length)?);
            }
            let Some(piece) = ready!(self.poll_piece(cx))? else {
                return Poll::Ready(Ok(()));
            };
            let next = if piece.len() < WRITE {
                self.poll_piece(cx)?
            } else {
                Poll::Pending
            };
            match next {
                Poll::Ready(Some(next)) => self.send_together(line, cx, [piece, next])?,
                Poll::Ready(None) | Poll::Pending => self.rest = piece,
            }
        }
    }

    /// Sends all pieces that are ready in one write.
    fn send_together(
        &mut self,
        line: &Line,
        cx: &mut Context<'_>,
        first: [Bytes; 2],
    ) -> io::Result<()> {
        // Taken out rather than borrowed, because polling the body may run any code.
        let mut desk = DESK.take();
        desk.clear();
        for piece in first {
            desk.extend_from_slice(&piece);
        }
        while desk.len() < WRITE
            && let Poll::Ready(Some(piece)) = self.poll_piece(cx)?
        {
            desk.extend_from_slice(&piece);
        }
        let gone = match line.poll_write(cx, &desk)? {
            Poll::Ready(length) => written(length)?,
            Poll::Pending => 0,
        };
        self.rest = Bytes::copy_from_slice(desk.get(gone..).unwrap_or_default());
        desk.shrink_to(2 * WRITE);
        DESK.set(desk);
        Ok(())
    }

    /// The next piece that is not empty.
    fn poll_piece(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<Option<Bytes>>> {
        while let Some(body) = &mut self.body {
            match ready!(Pin::new(body).poll_next(cx)) {
                Some(Ok(piece)) if piece.is_empty() => (),
                Some(Ok(piece)) => return Poll::Ready(Ok(Some(piece))),
                Some(Err(error)) => return Poll::Ready(Err(io::Error::other(error.to_string()))),
                None => self.body = None,
            }
        }
        Poll::Ready(Ok(None))
    }
}

fn written(length: usize) -> io::Result<usize> {
    if length == 0 {
        return Err(io::ErrorKind::WriteZero.into());
    }
    Ok(length)
}
