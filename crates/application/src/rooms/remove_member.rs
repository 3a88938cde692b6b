//! Removing users from a room, and banning them.

use std::sync::Arc;

use domain::port::bus::MemberChange;
use domain::port::rooms::{Act, Decision, Scene, Step};
use domain::port::{Clock, Users};
use domain::{Refusal, Role, RoomId, UserId};

use super::Acts;
use super::rank::{at_least, insider};
use crate::messages::Standings;
use crate::{Caller, Error, Ports};

/// Lets moderators remove members of a lower rank, and ban them or users who are not members.
pub struct RemoveMember {
    users: Arc<dyn Users>,
    clock: Arc<dyn Clock>,
    acts: Acts,
}

impl RemoveMember {
    pub(crate) fn new(ports: &Ports, standings: &Arc<Standings>) -> Self {
        Self {
            users: Arc::clone(&ports.users),
            clock: Arc::clone(&ports.clock),
            acts: Acts::new(ports, standings),
        }
    }

    /// Removes a member; `ban` also keeps them, or a user who never was a member, from joining.
    #[tracing::instrument(skip_all, name = "remove_member")]
    pub async fn run(
        &self,
        caller: &Caller,
        room: RoomId,
        user: UserId,
        ban: bool,
    ) -> Result<(), Error> {
        let removal = Removal {
            user,
            ban,
            known: !self.users.find(&[user]).await?.is_empty(),
        };
        let act = Act {
            room,
            actor: caller.user,
            subject: user,
            invite: None,
            at: self.clock.now(),
        };
        let how = if ban {
            MemberChange::Banned
        } else {
            MemberChange::Kicked
        };
        self.acts
            .carry_out(&act, how, &|scene| rule(scene, &removal))
            .await?;
        Ok(())
    }
}

struct Removal {
    user: UserId,
    ban: bool,
    /// Whether the user exists.
    known: bool,
}

fn rule(scene: &Scene, removal: &Removal) -> Result<Decision, Refusal> {
    let actor = insider(scene)?;
    let subject = scene.subject.membership.as_ref();
    let within_reach = subject.is_some() || (removal.ban && removal.known);
    if !within_reach {
        return Err(Refusal::NotFound);
    }
    at_least(Role::Admin, actor)?;
    if removal.user == actor.user {
        return Err(Refusal::Conflict("to remove yourself, leave the room"));
    }
    if subject.is_some_and(|subject| subject.role >= actor.role) {
        return Err(Refusal::Forbidden);
    }

    let user = removal.user;
    let mut steps = Vec::new();
    if subject.is_some() {
        steps.push(Step::Depart { user });
    }
    if removal.ban && !scene.subject.banned {
        steps.push(Step::Ban { user });
    }
    Ok(Decision {
        steps,
        events: Vec::new(),
    })
}

#[cfg(test)]
mod tests {
    use domain::RoomKind;

    use super::super::stage::{
        ADMIN, MEMBER, OWNER, Seat, actor, scene, subject, verdicts, verdicts_upon,
    };
    use super::*;

    const fn removal(user: UserId, ban: bool) -> Removal {
        Removal {
            user,
            ban,
            known: true,
        }
    }

    #[test]
    fn admins_and_the_owner_remove_members() {
        for ban in [false, true] {
            assert_eq!(
                verdicts(|scene| rule(scene, &removal(subject(), ban))),
                [
                    "forbidden",
                    "not found",
                    "not found",
                    "banned",
                    "not found",
                    "forbidden",
                    "ok",
                    "ok",
                    "conflict"
                ]
            );
        }
    }

    #[test]
    fn only_the_owner_removes_an_admin_and_nobody_the_owner() {
        for ban in [false, true] {
            let upon = |seat| verdicts_upon(seat, |scene| rule(scene, &removal(subject(), ban)));
            assert_eq!(upon(ADMIN)[5..8], ["forbidden", "forbidden", "ok"]);
            assert_eq!(upon(OWNER)[5..7], ["forbidden", "forbidden"]);
        }
    }

    #[test]
    fn strangers_are_shut_out_but_cannot_be_removed() {
        let upon = |ban| {
            verdicts_upon(Seat::Stranger, |scene| {
                rule(scene, &removal(subject(), ban))
            })
        };
        assert_eq!(upon(false)[5..8], ["not found", "not found", "not found"]);
        assert_eq!(upon(true)[5..8], ["forbidden", "ok", "ok"]);
        let nobody = Removal {
            known: false,
            ..removal(subject(), true)
        };
        let scene = scene(RoomKind::Public, OWNER, Seat::Stranger);
        assert_eq!(rule(&scene, &nobody), Err(Refusal::NotFound));
    }

    #[test]
    fn nobody_removes_themselves() {
        for seat in [ADMIN, OWNER] {
            let mut scene = scene(RoomKind::Public, seat, seat);
            scene.subject = scene.actor.clone();
            let refusal = rule(&scene, &removal(actor(), true)).unwrap_err();
            assert!(matches!(refusal, Refusal::Conflict(_)));
        }
    }

    #[test]
    fn a_ban_removes_first_and_is_given_once() {
        let user = subject();
        let steps = |seat| {
            let scene = scene(RoomKind::Public, OWNER, seat);
            rule(&scene, &removal(user, true)).unwrap().steps
        };
        assert_eq!(steps(MEMBER), [Step::Depart { user }, Step::Ban { user }]);
        assert_eq!(steps(Seat::Stranger), [Step::Ban { user }]);
        assert_eq!(steps(Seat::Banned), []);
    }
}
