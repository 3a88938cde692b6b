//! Carrying out acts on rooms, and what follows from them.

use std::sync::{Arc, Mutex, PoisonError};

use domain::port::bus::{AccessChange, MemberChange, Removal, RoomChange};
use domain::port::rooms::{Act, Decided, Decision, Outcome, Rule, Scene};
use domain::port::{Ids, Rooms};
use domain::{Failure, Membership, Refusal, Rev, RoomId, UserId};

use crate::access::Inside;
use crate::announce::Announcer;
use crate::happened::{happened, happening};
use crate::messages::Standings;
use crate::{Error, Ports};

/// Lets rules decide on acts under the room's lock; then invalidates caches, before the caller gets
/// an answer, and publishes to the bus.
#[derive(Clone)]
pub(crate) struct Acts {
    rooms: Arc<dyn Rooms>,
    ids: Arc<dyn Ids>,
    standings: Arc<Standings>,
    announcer: Announcer,
}

impl Acts {
    pub(crate) fn new(ports: &Ports, standings: &Arc<Standings>) -> Self {
        Self {
            rooms: Arc::clone(&ports.rooms),
            ids: Arc::clone(&ports.ids),
            standings: Arc::clone(standings),
            announcer: Announcer::new(&ports.bus),
        }
    }

    /// Carries out an act that changes memberships in this way, if the rule allows it.
    pub(crate) async fn carry_out(
        &self,
        act: &Act,
        how: MemberChange,
        rule: &Rule<'_>,
    ) -> Result<Outcome, Error> {
        let rule = |scene: &Scene| rule(scene).map(|decision| self.with_events(act, decision));
        let outcome = match self.rooms.decide(act, &rule).await? {
            Decided::Done(outcome) => *outcome,
            Decided::Refused(refusal) => return Err(refusal.into()),
            Decided::Unknown => return Err(Refusal::NotFound.into()),
        };
        self.forget(act, how, &outcome);
        self.tell(act, how, &outcome).await;
        Ok(outcome)
    }

    /// Like [`carry_out`](Self::carry_out), and returns the room and the acting member's membership
    /// as the act left them.
    ///
    /// If they were read after the act, another user might have removed the member meanwhile, and a
    /// completed act would look as if it had been refused.
    pub(crate) async fn carry_out_inside(
        &self,
        act: &Act,
        how: MemberChange,
        rule: &Rule<'_>,
    ) -> Result<Inside, Error> {
        let before = Mutex::new(None);
        let noting = |scene: &Scene| {
            let membership = scene.actor.membership.clone();
            *before.lock().unwrap_or_else(PoisonError::into_inner) = membership;
            rule(scene)
        };
        let outcome = self.carry_out(act, how, &noting).await?;
        let mut changed = outcome.members.into_iter();
        let after = changed.find(|member| member.user == act.actor);
        let before = before.into_inner().unwrap_or_else(PoisonError::into_inner);
        let nowhere = || Failure::lasting("rooms", "decide", "the actor is not a member");
        Ok(Inside {
            room: outcome.room,
            membership: after.or(before).ok_or_else(nowhere)?,
        })
    }

    /// Adds an event for each step that concerns others, to be stored with the step. A store that
    /// has to restart its transaction calls this again, and stores the events of the last call.
    fn with_events(&self, act: &Act, mut decision: Decision) -> Decision {
        let told = decision.steps.iter().filter_map(happening);
        let events = told.map(|what| happened(&*self.ids, act.at, act.room, what));
        decision.events.extend(events);
        decision
    }

    /// Publishes that users' access to a room has changed, where no rev does so.
    pub(crate) async fn access_changed(
        &self,
        room: RoomId,
        users: &[UserId],
        change: AccessChange,
    ) {
        for user in users {
            self.standings.forget(room, *user);
            self.announcer.access_changed(room, *user, change).await;
        }
    }

    fn forget(&self, act: &Act, how: MemberChange, outcome: &Outcome) {
        self.standings.forget(act.room, act.actor);
        self.standings.forget(act.room, act.subject);
        for membership in &outcome.members {
            self.standings.forget(act.room, membership.user);
        }
        // Every cached standing contains the member count.
        let mut members = outcome.members.iter();
        let counted = members.any(|member| change(how, member).is_of_their_number());
        if outcome.room_changed || outcome.deleted || counted {
            self.standings.forget_room(act.room);
        }
    }

    async fn tell(&self, act: &Act, how: MemberChange, outcome: &Outcome) {
        self.announcer
            .changed(act.room, changes(how, outcome))
            .await;
        for membership in &outcome.members {
            self.announcer
                .access_changed(act.room, membership.user, access(how, membership))
                .await;
        }
        if outcome.deleted {
            let gone = AccessChange::Removed(Removal::Deleted);
            self.announcer
                .access_changed(act.room, act.actor, gone)
                .await;
        }
    }
}

/// The changes made by an act, in order of rev.
fn changes(how: MemberChange, outcome: &Outcome) -> Vec<RoomChange> {
    let mut changes: Vec<(Rev, RoomChange)> = outcome
        .members
        .iter()
        .map(|member| {
            let change = RoomChange::Member(member.clone(), change(how, member));
            (member.rev, change)
        })
        .collect();
    let room = || Box::new(outcome.room.clone());
    if outcome.deleted {
        changes.push((Rev::MAX, RoomChange::RoomDeleted(room())));
    } else if outcome.room_changed {
        changes.push((outcome.room.rev, RoomChange::Room(room())));
    }
    changes.sort_by_key(|(rev, _)| *rev);
    changes.into_iter().map(|(_, change)| change).collect()
}

/// How this membership changed in an act of this kind: an owner who leaves hands the room over,
/// which gives one member a role and ends the membership of the other.
const fn change(how: MemberChange, membership: &Membership) -> MemberChange {
    match (how, membership.left_at) {
        (MemberChange::Joined | MemberChange::Role, None) => how,
        (_, None) => MemberChange::Role,
        (MemberChange::Joined | MemberChange::Role, Some(_)) => MemberChange::Left,
        (_, Some(_)) => how,
    }
}

const fn access(how: MemberChange, membership: &Membership) -> AccessChange {
    match change(how, membership) {
        MemberChange::Joined => AccessChange::Added,
        MemberChange::Role => AccessChange::Changed,
        MemberChange::Left => AccessChange::Removed(Removal::Left),
        MemberChange::Kicked => AccessChange::Removed(Removal::Kicked),
        MemberChange::Banned => AccessChange::Removed(Removal::Banned),
    }
}
