//! Changing roles, handing a room over, and silencing members.

use std::sync::Arc;

use domain::port::bus::{AccessChange, MemberChange};
use domain::port::rooms::{Act, Decision, Scene, Step};
use domain::port::{Clock, Members};
use domain::{Edit, Membership, Refusal, Role, RoomId, Timestamp, UserId};

use super::Acts;
use super::member_views::MemberViews;
use super::rank::{at_least, insider};
use crate::messages::Standings;
use crate::{Caller, Error, MemberView, Ports};

/// Changes to a member; `None` and [`Edit::Keep`] leave a value as it is.
#[derive(Clone, Copy, Debug, Default)]
pub struct MemberChanges {
    /// Another role. Making a member the owner hands the room over to them.
    pub role: Option<Role>,
    /// Until when they are silenced, or that they no longer are.
    pub silenced_until: Edit<Timestamp>,
}

/// Lets the owner change roles, and moderators silence members of a lower rank.
pub struct ChangeMember {
    members: Arc<dyn Members>,
    clock: Arc<dyn Clock>,
    acts: Acts,
    views: MemberViews,
}

impl ChangeMember {
    pub(crate) fn new(ports: &Ports, standings: &Arc<Standings>) -> Self {
        Self {
            members: Arc::clone(&ports.members),
            clock: Arc::clone(&ports.clock),
            acts: Acts::new(ports, standings),
            views: MemberViews::new(ports),
        }
    }

    /// Changes the member and shows them.
    #[tracing::instrument(skip_all, name = "change_member")]
    pub async fn run(
        &self,
        caller: &Caller,
        room: RoomId,
        user: UserId,
        changes: MemberChanges,
    ) -> Result<MemberView, Error> {
        let act = Act {
            room,
            actor: caller.user,
            subject: user,
            invite: None,
            at: self.clock.now(),
        };
        self.acts
            .carry_out(&act, MemberChange::Role, &|scene| rule(scene, &changes))
            .await?;
        if changes.silenced_until != Edit::Keep {
            self.acts
                .access_changed(room, &[user], AccessChange::Changed)
                .await;
        }
        // A member who has left meanwhile is shown as having left: the change itself was not
        // refused.
        let found = self.members.find_ever(room, &[user]).await?;
        let shown = self.views.show(caller.user, found).await?.pop();
        Ok(shown.ok_or(Refusal::NotFound)?)
    }
}

fn rule(scene: &Scene, changes: &MemberChanges) -> Result<Decision, Refusal> {
    let actor = insider(scene)?;
    let subject = scene.subject.membership.as_ref();
    let subject = subject.ok_or(Refusal::NotFound)?;
    at_least(Role::Admin, actor)?;

    let mut steps = Vec::new();
    if let Some(role) = changes.role {
        at_least(Role::Owner, actor)?;
        steps.extend(give(role, actor, subject)?);
    }
    if changes.silenced_until != Edit::Keep {
        let until = changes.silenced_until.apply(subject.silenced_until);
        steps.extend(silence(until, actor, subject)?);
    }
    Ok(Decision {
        steps,
        events: Vec::new(),
    })
}

fn give(role: Role, owner: &Membership, subject: &Membership) -> Result<Option<Step>, Refusal> {
    let user = subject.user;
    if user == owner.user {
        return Err(Refusal::Conflict("you cannot change your own role"));
    }
    Ok(match role {
        Role::Owner => Some(Step::HandOver { to: user }),
        Role::Admin | Role::Member => {
            (subject.role != role).then_some(Step::GiveRole { user, role })
        }
    })
}

fn silence(
    until: Option<Timestamp>,
    actor: &Membership,
    subject: &Membership,
) -> Result<Option<Step>, Refusal> {
    if subject.role >= actor.role {
        return Err(Refusal::Forbidden);
    }
    let user = subject.user;
    Ok((subject.silenced_until != until).then_some(Step::Silence { user, until }))
}

#[cfg(test)]
mod tests {
    use domain::RoomKind;

    use super::super::stage::{
        ADMIN, MEMBER, OWNER, Seat, now, scene, subject, verdicts, verdicts_upon,
    };
    use super::*;

    fn give(role: Role) -> MemberChanges {
        MemberChanges {
            role: Some(role),
            silenced_until: Edit::Keep,
        }
    }

    fn silence() -> MemberChanges {
        MemberChanges {
            role: None,
            silenced_until: Edit::Set(now()),
        }
    }

    #[test]
    fn only_the_owner_gives_roles() {
        for role in [Role::Member, Role::Admin, Role::Owner] {
            assert_eq!(
                verdicts(|scene| rule(scene, &give(role))),
                [
                    "forbidden",
                    "not found",
                    "not found",
                    "banned",
                    "not found",
                    "forbidden",
                    "forbidden",
                    "ok",
                    "conflict"
                ]
            );
        }
    }

    #[test]
    fn admins_and_the_owner_silence_members() {
        assert_eq!(
            verdicts(|scene| rule(scene, &silence())),
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

    #[test]
    fn only_the_owner_silences_an_admin_and_nobody_the_owner() {
        let upon = |seat| verdicts_upon(seat, |scene| rule(scene, &silence()));
        assert_eq!(upon(ADMIN)[5..8], ["forbidden", "forbidden", "ok"]);
        assert_eq!(upon(OWNER)[5..8], ["forbidden", "forbidden", "forbidden"]);
    }

    #[test]
    fn who_does_not_belong_cannot_be_changed() {
        let upon = |seat| verdicts_upon(seat, |scene| rule(scene, &give(Role::Admin)));
        for seat in [Seat::Stranger, Seat::Banned] {
            assert_eq!(upon(seat)[5..8], ["not found", "not found", "not found"]);
        }
    }

    #[test]
    fn the_room_is_handed_over_to_another() {
        let scene_of_two = scene(RoomKind::Public, OWNER, ADMIN);
        assert_eq!(
            rule(&scene_of_two, &give(Role::Owner)).unwrap().steps,
            [Step::HandOver { to: subject() }]
        );
        let mut alone = scene(RoomKind::Public, OWNER, OWNER);
        alone.subject = alone.actor.clone();
        for role in [Role::Member, Role::Admin, Role::Owner] {
            let refusal = rule(&alone, &give(role)).unwrap_err();
            assert!(matches!(refusal, Refusal::Conflict(_)));
        }
    }

    #[test]
    fn what_is_so_already_is_no_step() {
        let scene = scene(RoomKind::Public, OWNER, MEMBER);
        let changes = MemberChanges {
            role: Some(Role::Member),
            silenced_until: Edit::Clear,
        };
        assert_eq!(rule(&scene, &changes), Ok(Decision::default()));
    }

    #[test]
    fn a_refused_part_refuses_the_whole() {
        let scene = scene(RoomKind::Public, ADMIN, MEMBER);
        let changes = MemberChanges {
            role: Some(Role::Admin),
            ..silence()
        };
        assert_eq!(rule(&scene, &changes), Err(Refusal::Forbidden));
    }
}
