//! Joining a room.

use std::sync::Arc;

use domain::port::bus::MemberChange;
use domain::port::rooms::{Act, Decision, Scene, Step};
use domain::port::{Clock, Invites, Rooms};
use domain::{InviteCode, InviteUse, Refusal, RoomId, RoomKind, RoomName, Timestamp, UserId};

use super::Acts;
use super::rank::insider;
use crate::access::Inside;
use crate::messages::Standings;
use crate::present::RoomViews;
use crate::{Caller, Error, Ports, RoomView};

/// The way into a room.
#[derive(Clone, Debug)]
pub enum Door {
    /// By the room's id, with an invite if one is needed.
    Room(RoomId, Option<InviteCode>),
    /// By an invite, which leads to its room.
    Invite(InviteCode),
    /// By the name of a public room: the oldest room of that name.
    Named(RoomName),
}

/// What a user who joins refers to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Claim {
    /// A room, which is open to them if it is public.
    Room,
    /// An invite and nothing else, which has to be valid even if its room is public.
    InviteAlone,
}

/// Admits users to public rooms, and with an invite to private ones.
pub struct JoinRoom {
    rooms: Arc<dyn Rooms>,
    invites: Arc<dyn Invites>,
    clock: Arc<dyn Clock>,
    acts: Acts,
    views: RoomViews,
}

impl JoinRoom {
    pub(crate) fn new(ports: &Ports, standings: &Arc<Standings>) -> Self {
        Self {
            rooms: Arc::clone(&ports.rooms),
            invites: Arc::clone(&ports.invites),
            clock: Arc::clone(&ports.clock),
            acts: Acts::new(ports, standings),
            views: RoomViews::new(ports),
        }
    }

    /// Joins, unless the caller is already a member, and shows the room.
    #[tracing::instrument(skip_all, name = "join_room")]
    pub async fn run(&self, caller: &Caller, door: Door) -> Result<RoomView, Error> {
        let Inside { room, membership } = self.join(caller, door).await?;
        Ok(self
            .views
            .show_one(caller.user, room, Some(membership))
            .await?)
    }

    /// Joins, unless the caller is already a member, and returns the room's id.
    pub async fn enter(&self, caller: &Caller, door: Door) -> Result<RoomId, Error> {
        Ok(self.join(caller, door).await?.room.id)
    }

    async fn join(&self, caller: &Caller, door: Door) -> Result<Inside, Error> {
        let claim = match door {
            Door::Invite(_) => Claim::InviteAlone,
            Door::Room(..) | Door::Named(_) => Claim::Room,
        };
        let (room, invite) = self.find(door).await?;
        let act = Act {
            room,
            actor: caller.user,
            subject: caller.user,
            invite,
            at: self.clock.now(),
        };
        self.acts
            .carry_out_inside(&act, MemberChange::Joined, &|scene| {
                rule(scene, caller.user, claim, act.at)
            })
            .await
    }

    async fn find(&self, door: Door) -> Result<(RoomId, Option<InviteCode>), Error> {
        match door {
            Door::Room(room, invite) => Ok((room, invite)),
            Door::Invite(code) => {
                let invite = self.invites.find(&code).await?;
                let invite = invite.ok_or(Refusal::NotFound)?;
                Ok((invite.room, Some(code)))
            }
            Door::Named(name) => {
                let room = self.rooms.named(&name).await?;
                Ok((room.ok_or(Refusal::NotFound)?.id, None))
            }
        }
    }
}

/// A user who joins by invite alone needs a valid one even if the room is public, so that an
/// expired invite is refused everywhere.
fn rule(scene: &Scene, user: UserId, claim: Claim, now: Timestamp) -> Result<Decision, Refusal> {
    if scene.actor.membership.is_some() {
        return insider(scene).map(|_| Decision::default());
    }
    let admit = Step::Admit { user };
    let worth = scene.invite.as_ref().map(|invite| invite.worth(now));
    let steps = match (scene.room.kind, worth) {
        (RoomKind::Direct(_), _) => return Err(Refusal::NotFound),
        _ if scene.actor.banned => return Err(Refusal::Banned),
        (RoomKind::Public | RoomKind::Private, Some(InviteUse::Good)) => {
            vec![admit, Step::SpendInvite]
        }
        (RoomKind::Public, _) if claim == Claim::Room => vec![admit],
        (RoomKind::Public | RoomKind::Private, Some(InviteUse::Over)) => {
            return Err(Refusal::InviteExpired);
        }
        (RoomKind::Public | RoomKind::Private, None) => return Err(Refusal::NotFound),
    };
    Ok(Decision {
        steps,
        events: Vec::new(),
    })
}

#[cfg(test)]
mod tests {
    use super::super::stage::{MEMBER, Seat, actor, invite, now, scene, verdicts};
    use super::*;

    #[test]
    fn public_rooms_are_open_and_private_ones_unknown() {
        assert_eq!(
            verdicts(|scene| rule(scene, actor(), Claim::Room, now())),
            [
                "ok",
                "not found",
                "not found",
                "banned",
                "banned",
                "ok",
                "ok",
                "ok",
                "conflict"
            ]
        );
    }

    #[test]
    fn a_good_invite_opens_a_private_room_once_more() {
        let mut scene = scene(RoomKind::Private, Seat::Stranger, Seat::Stranger);
        scene.invite = Some(invite(2));
        assert_eq!(
            rule(&scene, actor(), Claim::InviteAlone, now())
                .unwrap()
                .steps,
            [Step::Admit { user: actor() }, Step::SpendInvite]
        );
        scene.invite = Some(invite(1));
        assert_eq!(
            rule(&scene, actor(), Claim::InviteAlone, now()),
            Err(Refusal::InviteExpired)
        );
    }

    #[test]
    fn an_invite_that_is_over_opens_nothing_by_itself() {
        let mut scene = scene(RoomKind::Public, Seat::Stranger, Seat::Stranger);
        scene.invite = Some(invite(1));
        assert_eq!(
            rule(&scene, actor(), Claim::InviteAlone, now()),
            Err(Refusal::InviteExpired)
        );
        let open = rule(&scene, actor(), Claim::Room, now()).unwrap();
        assert_eq!(open.steps, [Step::Admit { user: actor() }]);
    }

    #[test]
    fn joining_again_changes_nothing_and_spends_no_invite() {
        let mut scene = scene(RoomKind::Private, MEMBER, MEMBER);
        scene.invite = Some(invite(1));
        assert_eq!(
            rule(&scene, actor(), Claim::InviteAlone, now()),
            Ok(Decision::default())
        );
    }

    #[test]
    fn no_invite_lets_the_banned_in() {
        let mut scene = scene(RoomKind::Private, Seat::Banned, Seat::Banned);
        scene.invite = Some(invite(5));
        assert_eq!(
            rule(&scene, actor(), Claim::InviteAlone, now()),
            Err(Refusal::Banned)
        );
    }
}
