//! Making a room.

use std::sync::Arc;

use domain::port::rooms::{Created, NewRoom};
use domain::port::{Clock, Ids, IdsExt as _, Rooms};
use domain::{Description, History, Refusal, RoomName};

use super::Acts;
use crate::access::inside;
use crate::messages::Standings;
use crate::present::RoomViews;
use crate::{Caller, Error, Ports, RoomView};

/// A room that somebody wants.
#[derive(Clone, Debug)]
pub struct RoomPlan {
    /// What it is to be called.
    pub name: RoomName,
    /// What it is for.
    pub description: Option<Description>,
    /// Whether only invites open it.
    pub private: bool,
    /// How far back those who join later may read.
    pub history: History,
    /// Whether no other public room may have the name.
    pub unique_name: bool,
}

/// Makes a room, which its maker owns.
pub struct CreateRoom {
    rooms: Arc<dyn Rooms>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
    acts: Acts,
    views: RoomViews,
}

impl CreateRoom {
    pub(crate) fn new(ports: &Ports, standings: &Arc<Standings>) -> Self {
        Self {
            rooms: Arc::clone(&ports.rooms),
            clock: Arc::clone(&ports.clock),
            ids: Arc::clone(&ports.ids),
            acts: Acts::new(ports, standings),
            views: RoomViews::new(ports),
        }
    }

    /// Makes the room and shows it.
    pub async fn run(&self, caller: &Caller, plan: RoomPlan) -> Result<RoomView, Error> {
        let new = NewRoom {
            id: self.ids.next(),
            name: plan.name,
            description: plan.description,
            standing_invite: plan.private.then(|| self.ids.invite_code()),
            history: plan.history,
            owner: caller.user,
            members: Vec::new(),
            unique_name: plan.unique_name,
            at: self.clock.now(),
            events: Vec::new(),
        };
        let room = match self.rooms.create(&new).await? {
            Created::Made(room) => room.id,
            Created::NameTaken => return Err(Refusal::NameTaken.into()),
        };
        self.acts.access_changed(room, &[caller.user], None).await;
        let inside = inside(&*self.rooms, room, caller.user).await?;
        let membership = Some(inside.membership);
        Ok(self.views.show_one(caller, inside.room, membership).await?)
    }
}
