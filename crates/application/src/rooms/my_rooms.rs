//! The rooms that somebody belongs to.

use std::sync::Arc;

use domain::port::Rooms;

use crate::present::RoomViews;
use crate::{Caller, Error, Ports, RoomView};

/// Lists all rooms that the caller belongs to, of all kinds, the latest activity first.
pub struct MyRooms {
    rooms: Arc<dyn Rooms>,
    views: RoomViews,
}

impl MyRooms {
    pub(crate) fn new(ports: &Ports) -> Self {
        Self {
            rooms: Arc::clone(&ports.rooms),
            views: RoomViews::new(ports),
        }
    }

    /// All of them: this is what a client begins with.
    pub async fn run(&self, caller: &Caller) -> Result<Vec<RoomView>, Error> {
        let own = self.rooms.of_member(caller.user).await?;
        let rooms = own
            .into_iter()
            .map(|(room, membership)| (room, Some(membership)))
            .collect();
        Ok(self.views.show(caller, rooms).await?)
    }
}
