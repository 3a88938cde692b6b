//! The interface of job workers.

use async_trait::async_trait;
use domain::Event;
use domain::port::jobs::Verdict;

/// Handles the events of one queue.
///
/// An event is delivered at least once, and may be handled twice at the same time: after a node
/// died, or when its claim was taken over because it was slow. So handling must be idempotent: read
/// the current state first, and write under the event's id, or under what the event names.
#[async_trait]
pub trait Worker: Send + Sync + 'static {
    /// Handles an event. Return `Done` also if there is nothing to do, as for a message that has
    /// been deleted since; `Retry` if a backend is unavailable; `Dead` if trying again cannot help.
    async fn work(&self, event: &Event) -> Verdict;
}

/// A worker that does nothing.
pub struct NoWork;

#[async_trait]
impl Worker for NoWork {
    async fn work(&self, _event: &Event) -> Verdict {
        Verdict::Done
    }
}
