//! Whoever draws the consequences of events.

use async_trait::async_trait;
use domain::Event;
use domain::port::jobs::Verdict;

/// Draws the consequences of the events of one queue.
///
/// An event comes at least once, and may come twice at a time: after a node died, or when its place was
/// taken because it was slow. So whatever is done has to be the same when it is done again: ask for the
/// present state first, and write under the event's id, or under what the event names.
#[async_trait]
pub trait Worker: Send + Sync + 'static {
    /// Draws them. `Done` also where there is nothing to do, as with a message that was deleted since;
    /// `Retry` where a backend is away; `Dead` where trying again cannot help.
    async fn work(&self, event: &Event) -> Verdict;
}

/// Has nothing to do.
pub struct NoWork;

#[async_trait]
impl Worker for NoWork {
    async fn work(&self, _event: &Event) -> Verdict {
        Verdict::Done
    }
}
