//! Finding rooms.

use std::collections::HashMap;
use std::sync::Arc;

use domain::port::Rooms;
use domain::port::rooms::Browse;
use domain::{Membership, RoomId, SearchText};

use crate::present::RoomViews;
use crate::{Caller, Error, Page, Ports, RoomView};

/// Lists public rooms and the caller's own, newest first. Direct ones are in
/// [`MyRooms`](super::MyRooms).
pub struct BrowseRooms {
    rooms: Arc<dyn Rooms>,
    views: RoomViews,
}

impl BrowseRooms {
    pub(crate) fn new(ports: &Ports) -> Self {
        Self {
            rooms: Arc::clone(&ports.rooms),
            views: RoomViews::new(ports),
        }
    }

    /// One page of the rooms whose name contains the query.
    pub async fn run(
        &self,
        caller: &Caller,
        query: Option<SearchText>,
        before: Option<RoomId>,
        limit: usize,
    ) -> Result<Page<RoomView, RoomId>, Error> {
        let browse = Browse {
            user: caller.user,
            contains: query.map(|text| text.as_str().to_lowercase()),
            before,
            // One more than shown tells whether there is a next page.
            limit: limit.saturating_add(1),
        };
        let mut rooms = self.rooms.browse(&browse).await?;
        let more = rooms.len() > limit;
        rooms.truncate(limit);
        let next = rooms.last().filter(|_| more).map(|room| room.id);
        let mut own = self.own(caller).await?;
        let rooms = rooms
            .into_iter()
            .map(|room| {
                let membership = own.remove(&room.id);
                (room, membership)
            })
            .collect();
        let items = self.views.show(caller, rooms).await?;
        Ok(Page { items, next })
    }

    async fn own(&self, caller: &Caller) -> Result<HashMap<RoomId, Membership>, Error> {
        let own = self.rooms.of_member(caller.user).await?;
        Ok(own
            .into_iter()
            .map(|(room, membership)| (room.id, membership))
            .collect())
    }
}
