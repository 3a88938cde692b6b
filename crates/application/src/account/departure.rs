//! Leaving all rooms at once.

use std::cmp::Reverse;
use std::sync::Arc;

use domain::port::bus::MemberChange;
use domain::port::rooms::{Act, Decision, Scene, Step};
use domain::port::{Clock, Members, Rooms};
use domain::{Membership, Refusal, Role, RoomId, RoomKind, UserId};

use crate::messages::Standings;
use crate::rooms::Acts;
use crate::{Error, Ports};

/// How many members are read per query when looking for an heir.
const PAGE: usize = 500;
/// How many heirs are tried, should each leave at the very moment of being chosen. The loop ends
/// long before that: with each failed attempt the room has one member fewer.
const TRIES: usize = 100;

/// Removes a user from all rooms except direct ones. Rooms that they own pass to the
/// longest-standing admin, otherwise to the longest-standing member, and are deleted if nobody else
/// is left.
#[derive(Clone)]
pub(super) struct Departure {
    rooms: Arc<dyn Rooms>,
    members: Arc<dyn Members>,
    clock: Arc<dyn Clock>,
    acts: Acts,
}

impl Departure {
    pub(super) fn new(ports: &Ports, standings: &Arc<Standings>) -> Self {
        Self {
            rooms: Arc::clone(&ports.rooms),
            members: Arc::clone(&ports.members),
            clock: Arc::clone(&ports.clock),
            acts: Acts::new(ports, standings),
        }
    }

    /// Leaves every room. Repeating it is harmless.
    pub(super) async fn leave_all(&self, user: UserId) -> Result<(), Error> {
        for (room, _) in self.rooms.of_member(user).await? {
            match room.kind {
                RoomKind::Direct(_) => {}
                RoomKind::Public | RoomKind::Private => self.leave(room.id, user).await?,
            }
        }
        Ok(())
    }

    /// Leaves a room, handing it over first if the user owns it. Ownership is certain only under
    /// the room's lock, since others hand over and leave as well.
    async fn leave(&self, room: RoomId, user: UserId) -> Result<(), Error> {
        let mut heir = user;
        for _ in 0..TRIES {
            match self.leave_to(heir, room, user).await {
                Err(Error::Refused(Refusal::OwnerMustHandOver)) => {
                    heir = self.heir(room, user).await?.unwrap_or(user);
                }
                settled => return settled,
            }
        }
        Err(Refusal::OwnerMustHandOver.into())
    }

    /// Leaves a room, handing it to `heir` if the user owns it.
    async fn leave_to(&self, heir: UserId, room: RoomId, user: UserId) -> Result<(), Error> {
        let act = Act {
            room,
            actor: user,
            subject: heir,
            invite: None,
            at: self.clock.now(),
        };
        let rule = |scene: &Scene| rule(scene, user, heir);
        match self.acts.carry_out(&act, MemberChange::Left, &rule).await {
            // The room was deleted meanwhile.
            Err(Error::Refused(Refusal::NotFound)) | Ok(_) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// The next owner: the longest-standing admin, otherwise the longest-standing member.
    async fn heir(&self, room: RoomId, owner: UserId) -> Result<Option<UserId>, Error> {
        let mut first: Option<Membership> = None;
        let mut after = None;
        loop {
            let page = self.members.page(room, after, PAGE).await?;
            after = page.last().map(|member| member.user);
            let full = page.len() == PAGE;
            first = page
                .into_iter()
                .filter(|member| member.user != owner)
                .chain(first)
                .min_by_key(|member| (Reverse(member.role), member.joined_at, member.user));
            if !full {
                return Ok(first.map(|member| member.user));
            }
        }
    }
}

fn rule(scene: &Scene, user: UserId, heir: UserId) -> Result<Decision, Refusal> {
    let Some(membership) = &scene.actor.membership else {
        return Ok(Decision::default());
    };
    let steps = if scene.room.member_count <= 1 {
        vec![Step::Delete]
    } else if membership.role < Role::Owner {
        vec![Step::Depart { user }]
    } else if heir != user && scene.subject.membership.is_some() {
        vec![Step::HandOver { to: heir }, Step::Depart { user }]
    } else {
        return Err(Refusal::OwnerMustHandOver);
    };
    Ok(Decision {
        steps,
        events: Vec::new(),
    })
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use domain::port::bus::{AccessChange, Notice, Removal};

    use super::*;
    use crate::Caller;
    use crate::testing::{World, at_once, refusal};

    fn departure(world: &World) -> Departure {
        let standings = Arc::new(Standings::new(&world.ports));
        Departure::new(&world.ports, &standings)
    }

    async fn owner(world: &World, room: RoomId) -> Option<UserId> {
        let rooms = world.ports.rooms.find(&[room]).await.unwrap();
        rooms.first().and_then(|room| room.owner)
    }

    async fn belongs(world: &World, room: RoomId, who: &Caller) -> bool {
        let found = world.ports.members.find(room, &[who.user]).await.unwrap();
        !found.is_empty()
    }

    #[tokio::test]
    async fn a_room_goes_to_the_oldest_admin() {
        let world = World::new();
        let (ana, ben) = (world.user("ana").await, world.user("ben").await);
        let (cleo, dan) = (world.user("cleo").await, world.user("dan").await);
        let room = world.room(&ana).await.id;
        for (who, role) in [
            (&ben, Role::Member),
            (&dan, Role::Admin),
            (&cleo, Role::Admin),
        ] {
            world.pass(Duration::from_secs(1));
            world.join_as(room, who, role).await;
        }
        departure(&world).leave_all(ana.user).await.unwrap();
        assert_eq!(owner(&world, room).await, Some(dan.user));
        assert!(!belongs(&world, room, &ana).await);
        assert!(belongs(&world, room, &ben).await);
    }

    #[tokio::test]
    async fn without_an_admin_it_goes_to_the_oldest_member() {
        let world = World::new();
        let (ana, ben) = (world.user("ana").await, world.user("ben").await);
        let cleo = world.user("cleo").await;
        let room = world.room(&ana).await.id;
        for who in [&cleo, &ben] {
            world.pass(Duration::from_secs(1));
            world.join(room, who).await;
        }
        let mut ear = world.ear().await;
        departure(&world).leave_all(ana.user).await.unwrap();
        assert_eq!(owner(&world, room).await, Some(cleo.user));

        let left = Notice::AccessChanged {
            room,
            user: ana.user,
            change: AccessChange::Removed(Removal::Left),
        };
        let promoted = Notice::AccessChanged {
            room,
            user: cleo.user,
            change: AccessChange::Changed,
        };
        let heard = ear.heard();
        assert!(heard.contains(&left), "{heard:?}");
        assert!(heard.contains(&promoted), "{heard:?}");
    }

    #[tokio::test]
    async fn a_room_with_nobody_else_is_deleted() {
        let world = World::new();
        let ana = world.user("ana").await;
        let room = world.room(&ana).await.id;
        departure(&world).leave_all(ana.user).await.unwrap();
        assert_eq!(world.ports.rooms.find(&[room]).await.unwrap(), []);
    }

    #[tokio::test]
    async fn others_rooms_are_left_and_direct_ones_stay() {
        let world = World::new();
        let (ana, ben) = (world.user("ana").await, world.user("ben").await);
        let (room, direct) = (world.room(&ben).await.id, world.direct(&ana, &ben).await.id);
        world.join_as(room, &ana, Role::Admin).await;
        let departure = departure(&world);
        for _ in 0..2 {
            departure.leave_all(ana.user).await.unwrap();
            assert!(!belongs(&world, room, &ana).await);
            assert!(belongs(&world, room, &ben).await);
            assert!(belongs(&world, direct, &ana).await);
        }
        assert_eq!(owner(&world, room).await, Some(ben.user));
    }

    #[tokio::test]
    async fn an_heir_is_found_beyond_the_first_page() {
        let world = World::new();
        let ana = world.user("ana").await;
        let mut last = ana;
        let room = world.room(&ana).await.id;
        for number in 0..=PAGE {
            let name = format!("member{number}");
            last = world.user_of_crowd(&name).await;
            world.join(room, &last).await;
        }
        let promoted = Step::GiveRole {
            user: last.user,
            role: Role::Admin,
        };
        world.act(room, last.user, vec![promoted]).await;
        departure(&world).leave_all(ana.user).await.unwrap();
        assert_eq!(owner(&world, room).await, Some(last.user));
    }

    #[tokio::test]
    async fn an_heir_who_left_meanwhile_inherits_nothing() {
        let world = World::new();
        let (ana, ben) = (world.user("ana").await, world.user("ben").await);
        let cleo = world.user("cleo").await;
        let room = world.room(&ana).await.id;
        world.join(room, &ben).await;
        let departure = departure(&world);
        for heir in [cleo.user, ana.user] {
            let answer = departure.leave_to(heir, room, ana.user).await;
            assert_eq!(refusal(answer), Refusal::OwnerMustHandOver);
        }
        departure.leave_to(ben.user, room, ana.user).await.unwrap();
        assert_eq!(owner(&world, room).await, Some(ben.user));
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
    async fn while_everybody_leaves_at_once_no_room_is_nobodys() {
        let world = World::new();
        let ana = world.user("ana").await;
        let room = world.room(&ana).await.id;
        let mut leaving = vec![ana.user];
        for number in 0..15 {
            let one = world.user_of_crowd(&format!("one{number}")).await;
            world.join(room, &one).await;
            leaving.push(one.user);
        }
        let stays = world.user_of_crowd("stays").await;
        world.join(room, &stays).await;

        let leaving = std::sync::Mutex::new(leaving);
        let departure = departure(&world);
        let leave = async |departure: Departure, user: UserId| departure.leave_all(user).await;
        let answers = at_once(16, || {
            let user = leaving.lock().unwrap().pop().unwrap();
            leave(departure.clone(), user)
        })
        .await;
        assert!(answers.iter().all(Result::is_ok), "{answers:?}");
        assert_eq!(owner(&world, room).await, Some(stays.user));
        let members = world.ports.members.page(room, None, 99).await.unwrap();
        assert_eq!(members.len(), 1);
    }
}
