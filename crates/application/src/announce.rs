//! Telling the bus what was done.

use std::sync::Arc;

use domain::port::Bus;
use domain::port::bus::{Notice, Removal, RoomChange};
use domain::{RoomId, UserId};

/// Tells the bus what a use case has done, after it was done.
///
/// A notice is a hint: whoever misses it finds out from the store. So a bus that is away is worth a
/// line in the log and never the answer to a request that succeeded.
#[derive(Clone)]
pub(crate) struct Announcer {
    bus: Arc<dyn Bus>,
}

impl Announcer {
    pub(crate) fn new(bus: &Arc<dyn Bus>) -> Self {
        Self {
            bus: Arc::clone(bus),
        }
    }

    /// Tells everybody who listens.
    pub(crate) async fn tell(&self, notice: Notice) {
        if let Err(failure) = self.bus.publish(notice).await {
            tracing::warn!(
                error = %failure.chain(),
                "a notice was not told"
            );
        }
    }

    /// Tells of durable changes of one room, in the order of their revs.
    pub(crate) async fn changed(&self, room: RoomId, changes: Vec<RoomChange>) {
        if !changes.is_empty() {
            self.tell(Notice::Changed { room, changes }).await;
        }
    }

    /// Tells that a person may do something else in a room than before.
    pub(crate) async fn access_changed(
        &self,
        room: RoomId,
        user: UserId,
        removed: Option<Removal>,
    ) {
        self.tell(Notice::AccessChanged {
            room,
            user,
            removed,
        })
        .await;
    }
}
