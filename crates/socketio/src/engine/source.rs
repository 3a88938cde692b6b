//! Bytes that are ready to be sent, polled for when there is room for them.

use std::task::{Context, Poll};

use bytes::Bytes;

/// A source of frames for a socket, besides what is [sent](crate::Socket::send).
///
/// If the socket's WebSocket lives on the thread of its owner, the transport polls the source directly
/// whenever it can write: nothing is copied, no task wakes, and there is no queue in between. Otherwise,
/// or if the client polls, the session's own task polls the source whenever the queue has room.
pub trait Source {
    /// Some whole unmasked frames with events of the socket's namespace, as [`Encoded`](crate::Encoded)
    /// makes them; one or several in a piece. `None` means that nothing more comes.
    ///
    /// A source that returns `Pending` must wake the last waker that it was polled with once it has
    /// something.
    fn poll_next(&self, cx: &Context<'_>) -> Poll<Option<Bytes>>;
}
