//! Creating a room.

use std::sync::Arc;

use domain::port::bus::AccessChange;
use domain::port::rooms::{Created, NewRoom};
use domain::port::{Clock, Ids, IdsExt as _, Rooms};
use domain::{Description, Happening, History, Refusal, RoomName};

use super::Acts;
use crate::happened::happened;
use crate::messages::Standings;
use crate::present::RoomViews;
use crate::{Caller, Error, Ports, RoomView};

/// The details of a new room.
#[derive(Clone, Debug)]
pub struct RoomPlan {
    /// The name.
    pub name: RoomName,
    /// The description.
    pub description: Option<Description>,
    /// Whether it can only be joined with an invite.
    pub private: bool,
    /// How far back members who join later may read.
    pub history: History,
    /// Whether the name must be unique among public rooms.
    pub unique_name: bool,
}

/// Creates a room, owned by its creator.
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

    /// Creates the room and shows it.
    #[tracing::instrument(skip_all, name = "create_room")]
    pub async fn run(&self, caller: &Caller, plan: RoomPlan) -> Result<RoomView, Error> {
        let (id, at) = (self.ids.next(), self.clock.now());
        let new = NewRoom {
            id,
            name: plan.name,
            description: plan.description,
            standing_invite: plan.private.then(|| self.ids.invite_code()),
            history: plan.history,
            owner: caller.user,
            members: Vec::new(),
            unique_name: plan.unique_name,
            at,
            events: vec![happened(&*self.ids, at, id, Happening::RoomCreated)],
        };
        let room = match self.rooms.create(&new).await? {
            Created::Made(room) => room,
            Created::NameTaken => return Err(Refusal::NameTaken.into()),
        };
        let owner = [caller.user];
        self.acts
            .access_changed(room.id, &owner, AccessChange::Added)
            .await;
        Ok(self.views.show_made(caller.user, room).await)
    }
}

#[cfg(test)]
mod tests {
    use domain::port::bus::Notice;
    use domain::{Role, RoomKind};

    use super::*;
    use crate::testing::{MessagesAway, World, refusal};

    fn plan(name: &str) -> RoomPlan {
        RoomPlan {
            name: RoomName::parse(name).unwrap(),
            description: None,
            private: false,
            history: History::All,
            unique_name: false,
        }
    }

    fn desk(world: &World) -> CreateRoom {
        let standings = Arc::new(Standings::new(&world.ports));
        CreateRoom::new(&world.ports, &standings)
    }

    #[tokio::test]
    async fn whoever_makes_a_room_owns_it() {
        let world = World::new();
        let ana = world.user("ana").await;
        let mut ear = world.ear().await;
        let wish = RoomPlan {
            description: Some(Description::parse("plants").unwrap()),
            history: History::Joined,
            ..plan("garden")
        };
        let view = desk(&world).run(&ana, wish.clone()).await.unwrap();
        assert_eq!(view.room.kind, RoomKind::Public);
        assert_eq!(view.room.name, Some(wish.name));
        assert_eq!(view.room.description, wish.description);
        assert_eq!(view.room.history, History::Joined);
        assert_eq!(view.room.owner, Some(ana.user));
        assert_eq!(view.room.member_count, 1);
        assert_eq!(view.invite, None);
        assert_eq!(view.standing.unwrap().membership.role, Role::Owner);
        let told = Notice::AccessChanged {
            room: view.room.id,
            user: ana.user,
            change: AccessChange::Added,
        };
        assert_eq!(ear.only(), told);
    }

    #[tokio::test]
    async fn a_private_room_has_an_invite_at_hand() {
        let world = World::new();
        let ana = world.user("ana").await;
        let wish = RoomPlan {
            private: true,
            ..plan("garden")
        };
        let view = desk(&world).run(&ana, wish).await.unwrap();
        assert_eq!(view.room.kind, RoomKind::Private);
        let code = view.invite.unwrap();
        let invite = world.ports.invites.find(&code).await.unwrap().unwrap();
        assert_eq!(invite.room, view.room.id);
    }

    #[tokio::test]
    async fn a_room_that_was_made_is_shown_whatever_else_is_away() {
        let mut world = World::new();
        let ana = world.user("ana").await;
        let wish = || RoomPlan {
            private: true,
            ..plan("garden")
        };
        let whole = desk(&world).run(&ana, wish()).await.unwrap();
        world.ports.messages = Arc::new(MessagesAway);
        let bare = desk(&world).run(&ana, wish()).await.unwrap();

        assert_eq!(
            world.ports.rooms.of_member(ana.user).await.unwrap().len(),
            2
        );
        let (whole, bare_standing) = (whole.standing.unwrap(), bare.standing.unwrap());
        assert_eq!(bare_standing.membership.role, whole.membership.role);
        assert_eq!(bare_standing.unread, whole.unread);
        assert_eq!(bare.room.member_count, 1);
        assert!(bare.invite.is_some());
    }

    #[tokio::test]
    async fn names_may_repeat_unless_they_must_not() {
        let world = World::new();
        let ana = world.user("ana").await;
        let desk = desk(&world);
        let unique = || RoomPlan {
            unique_name: true,
            ..plan("Garden")
        };
        assert!(desk.run(&ana, plan("garden")).await.is_ok());
        assert!(desk.run(&ana, plan("garden")).await.is_ok());
        assert_eq!(refusal(desk.run(&ana, unique()).await), Refusal::NameTaken);
    }
}
