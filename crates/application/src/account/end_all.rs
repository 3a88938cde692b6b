//! Ending a user's sessions.

use std::sync::Arc;

use domain::port::bus::Notice;
use domain::port::{Clock, Sessions};
use domain::{Failure, SessionId, UserId};

use crate::Ports;
use crate::announce::Announcer;

/// Ends a user's sessions, and with them their sockets on every node.
pub(super) struct EndAll {
    sessions: Arc<dyn Sessions>,
    clock: Arc<dyn Clock>,
    announcer: Announcer,
}

impl EndAll {
    pub(super) fn new(ports: &Ports) -> Self {
        Self {
            sessions: Arc::clone(&ports.sessions),
            clock: Arc::clone(&ports.clock),
            announcer: Announcer::new(&ports.bus),
        }
    }

    /// Ends all of them except one that may stay.
    pub(super) async fn of(&self, user: UserId, stays: Option<SessionId>) -> Result<(), Failure> {
        let ended = self.sessions.end_all(user, stays, self.clock.now()).await?;
        if !ended.is_empty() {
            self.announcer.tell(Notice::SessionsEnded(ended)).await;
        }
        Ok(())
    }
}
