//! Choosing whether to be told of a room's messages.

use std::sync::Arc;

use domain::port::{Members, Rooms};
use domain::{Notifications, Refusal, RoomId};

use crate::access::inside;
use crate::{Caller, Error, Ports};

/// Lets members mute a room for themselves. Nobody else is told.
pub struct SetNotifications {
    rooms: Arc<dyn Rooms>,
    members: Arc<dyn Members>,
}

impl SetNotifications {
    pub(crate) fn new(ports: &Ports) -> Self {
        Self {
            rooms: Arc::clone(&ports.rooms),
            members: Arc::clone(&ports.members),
        }
    }

    /// Keeps the choice.
    pub async fn run(
        &self,
        caller: &Caller,
        room: RoomId,
        notifications: Notifications,
    ) -> Result<(), Error> {
        inside(&*self.rooms, room, caller.user).await?;
        let kept = self
            .members
            .notify(room, caller.user, notifications)
            .await?;
        if kept {
            Ok(())
        } else {
            // They were a member a moment ago.
            Err(Refusal::NotFound.into())
        }
    }
}
