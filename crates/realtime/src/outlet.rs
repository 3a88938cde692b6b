//! The way from the hub to a worker.

use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use domain::SessionId;
use tokio::sync::Notify;
use tokio::sync::mpsc::Sender;
use tokio::sync::mpsc::error::TrySendError;

use crate::connection::Ending;
use crate::hub::lock;
use crate::item::Item;

/// The way to a worker. Nothing ever waits for a full inbox: the worker learns that it missed something,
/// and has its listeners catch up from the store. What must not be lost is [kept](Kept).
#[derive(Clone)]
pub(crate) struct Outlet {
    items: Sender<Item>,
    missed: Arc<Missed>,
}

#[derive(Default)]
struct Missed {
    /// Whether the worker's end is expected, or was reported.
    ends: AtomicBool,
    any: AtomicBool,
    kept: Mutex<Kept>,
    told: Notify,
}

/// What must be done even though the inbox was full. It holds at most as many sessions as the node has.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Kept {
    pub(crate) ending: Option<Ending>,
    pub(crate) sessions: HashSet<SessionId>,
}

impl Outlet {
    pub(crate) fn new(items: Sender<Item>) -> Self {
        Self {
            items,
            missed: Arc::default(),
        }
    }

    pub(crate) fn send(&self, item: Item) {
        match self.items.try_send(item) {
            Ok(()) => (),
            Err(TrySendError::Full(item)) => self.miss(item),
            Err(TrySendError::Closed(_)) => self.report_end(),
        }
    }

    fn miss(&self, item: Item) {
        match item {
            Item::EndAll(why) => lock(&self.missed.kept).ending = Some(why),
            Item::EndSessions(of) => lock(&self.missed.kept).sessions.extend(of.iter()),
            Item::Events(..)
            | Item::Whisper(..)
            | Item::Shown(..)
            | Item::Around(..)
            | Item::Person(..)
            | Item::Gone(..)
            | Item::CameInto(..)
            | Item::Dissolve(..) => (),
        }
        self.missed.any.store(true, Ordering::Release);
        // The worker may have emptied its inbox just now, and be waiting for more.
        self.missed.told.notify_one();
    }

    /// A worker that is gone misses nothing, but before a shutdown none may be gone.
    fn report_end(&self) {
        if !self.missed.ends.swap(true, Ordering::Relaxed) {
            tracing::error!("a worker ended before the shutdown; its sockets receive nothing more");
        }
    }

    /// The worker may end from now on.
    pub(crate) fn expect_end(&self) {
        self.missed.ends.store(true, Ordering::Relaxed);
    }

    /// Waits until something is missed.
    pub(crate) async fn overrun(&self) {
        self.missed.told.notified().await;
    }

    /// What must be done despite the overrun, if anything was missed since the last call.
    pub(crate) fn missed(&self) -> Option<Kept> {
        let any = self.missed.any.swap(false, Ordering::Acquire);
        any.then(|| std::mem::take(&mut *lock(&self.missed.kept)))
    }
}

#[cfg(test)]
mod tests {
    use futures::FutureExt as _;
    use tokio::sync::mpsc;
    use uuid::Uuid;

    use super::*;

    fn session(number: u128) -> SessionId {
        SessionId::from_uuid(Uuid::from_u128(number))
    }

    #[test]
    fn what_has_place_is_not_missed() {
        let (sender, mut inbox) = mpsc::channel(1);
        let outlet = Outlet::new(sender);
        outlet.send(Item::EndAll(Ending::Restart));
        assert_eq!(outlet.missed(), None);
        assert!(outlet.overrun().now_or_never().is_none());
        assert!(matches!(
            inbox.try_recv(),
            Ok(Item::EndAll(Ending::Restart))
        ));
    }

    #[test]
    fn a_full_inbox_is_told_of_once_and_ends_are_kept() {
        let (sender, _inbox) = mpsc::channel(1);
        let outlet = Outlet::new(sender);
        outlet.send(Item::EndSessions([session(1)].into()));
        outlet.send(Item::EndSessions([session(2)].into()));
        outlet.send(Item::EndSessions([session(2), session(3)].into()));
        outlet.send(Item::EndAll(Ending::Restart));
        assert!(outlet.overrun().now_or_never().is_some());
        let kept = Kept {
            ending: Some(Ending::Restart),
            sessions: [session(2), session(3)].into(),
        };
        assert_eq!(outlet.missed(), Some(kept));
        assert_eq!(outlet.missed(), None);
    }

    #[test]
    fn a_worker_that_is_gone_misses_nothing() {
        let (sender, inbox) = mpsc::channel(1);
        drop(inbox);
        let outlet = Outlet::new(sender);
        outlet.send(Item::EndAll(Ending::Restart));
        assert_eq!(outlet.missed(), None);
    }
}
