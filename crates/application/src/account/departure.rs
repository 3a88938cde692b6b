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

/// How many members are looked at in one go to find an heir.
const PAGE: usize = 500;
/// How many heirs are tried, should each leave at the moment of being chosen.
const TRIES: usize = 5;

/// Takes somebody out of all rooms but their direct ones. Rooms that they own go to the oldest admin,
/// otherwise to the oldest member, and are deleted where there is nobody else.
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

    /// Leaves every room. Doing so again is fine.
    pub(super) async fn leave_all(&self, user: UserId) -> Result<(), Error> {
        for (room, membership) in self.rooms.of_member(user).await? {
            match (room.kind, membership.role) {
                (RoomKind::Direct(_), _) => {}
                (_, Role::Owner) => self.bequeath(room.id, user).await?,
                (_, Role::Admin | Role::Member) => self.leave(room.id, user, user).await?,
            }
        }
        Ok(())
    }

    /// Leaves a room to somebody else.
    async fn bequeath(&self, room: RoomId, user: UserId) -> Result<(), Error> {
        for _ in 1..TRIES {
            let heir = self.heir(room, user).await?.unwrap_or(user);
            match self.leave(room, user, heir).await {
                Err(Error::Refused(Refusal::OwnerMustHandOver)) => {}
                settled => return settled,
            }
        }
        Err(Refusal::OwnerMustHandOver.into())
    }

    /// Leaves a room, to this heir if it is theirs.
    async fn leave(&self, room: RoomId, user: UserId, heir: UserId) -> Result<(), Error> {
        let act = Act {
            room,
            actor: user,
            subject: heir,
            invite: None,
            at: self.clock.now(),
        };
        let rule = |scene: &Scene| rule(scene, user, heir);
        match self.acts.carry_out(&act, MemberChange::Left, &rule).await {
            // It was deleted meanwhile.
            Err(Error::Refused(Refusal::NotFound)) | Ok(_) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Whoever comes next after the owner: the admin, otherwise the member, who was there first.
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
