//! Looking at a room.

use std::sync::Arc;

use domain::port::Rooms;
use domain::port::rooms::Access;
use domain::{Refusal, RoomId, RoomKind};

use crate::access::outsider;
use crate::present::RoomViews;
use crate::{Caller, Error, Ports, RoomView};

/// Shows a room to its members, and a public one to everybody who is not shut out.
pub struct ReadRoom {
    rooms: Arc<dyn Rooms>,
    views: RoomViews,
}

impl ReadRoom {
    pub(crate) fn new(ports: &Ports) -> Self {
        Self {
            rooms: Arc::clone(&ports.rooms),
            views: RoomViews::new(ports),
        }
    }

    /// Shows the room.
    pub async fn run(&self, caller: &Caller, room: RoomId) -> Result<RoomView, Error> {
        let access = self.rooms.access(room, caller.user).await?;
        let access = visible(access.ok_or(Refusal::NotFound)?)?;
        let shown = self
            .views
            .show_one(caller, access.room, access.membership)
            .await?;
        Ok(shown)
    }
}

fn visible(access: Access) -> Result<Access, Refusal> {
    let open = access.room.kind == RoomKind::Public && !access.banned;
    if access.membership.is_some() || open {
        Ok(access)
    } else {
        Err(outsider(access.room.kind, access.banned))
    }
}
