//! Bytes that are ready to be sent, asked for when there is place for them.

use std::task::{Context, Poll};

use bytes::Bytes;

/// Where a socket's frames come from, besides what is [sent](crate::Socket::send).
///
/// Where the socket's WebSocket lives on the thread of its owner, the transport asks the source directly
/// whenever it can write: nothing is copied, no task wakes, no queue lies between. Where it does not, or
/// where the client polls, the session's own task asks whenever there is place.
pub trait Source {
    /// Some whole frames, unmasked, of events of the socket's namespace, as [`Encoded`](crate::Encoded)
    /// writes them; one or several in a piece. `None` says that nothing comes any more.
    ///
    /// A source that answers `Pending` wakes whoever asked last when there is something.
    fn poll_next(&self, cx: &Context<'_>) -> Poll<Option<Bytes>>;
}
