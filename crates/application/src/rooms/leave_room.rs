//! Leaving a room.

use std::sync::Arc;

use domain::port::Clock;
use domain::port::bus::MemberChange;
use domain::port::rooms::{Act, Decision, Scene, Step};
use domain::{Refusal, Role, RoomId, UserId};

use super::Acts;
use super::rank::insider;
use crate::messages::Standings;
use crate::{Caller, Error, Ports};

/// Lets members leave. An owner must hand the room over first; the last member deletes it by
/// leaving.
pub struct LeaveRoom {
    clock: Arc<dyn Clock>,
    acts: Acts,
}

impl LeaveRoom {
    pub(crate) fn new(ports: &Ports, standings: &Arc<Standings>) -> Self {
        Self {
            clock: Arc::clone(&ports.clock),
            acts: Acts::new(ports, standings),
        }
    }

    /// Leaves the room.
    #[tracing::instrument(skip_all, name = "leave_room")]
    pub async fn run(&self, caller: &Caller, room: RoomId) -> Result<(), Error> {
        let act = Act {
            room,
            actor: caller.user,
            subject: caller.user,
            invite: None,
            at: self.clock.now(),
        };
        self.acts
            .carry_out(&act, MemberChange::Left, &|scene| rule(scene, caller.user))
            .await?;
        Ok(())
    }
}

fn rule(scene: &Scene, user: UserId) -> Result<Decision, Refusal> {
    let membership = insider(scene)?;
    let alone = scene.room.member_count <= 1;
    let step = if alone {
        Step::Delete
    } else if membership.role == Role::Owner {
        return Err(Refusal::OwnerMustHandOver);
    } else {
        Step::Depart { user }
    };
    Ok(Decision {
        steps: vec![step],
        events: Vec::new(),
    })
}

#[cfg(test)]
mod tests {
    use domain::RoomKind;

    use super::super::stage::{OWNER, Seat, actor, scene, verdicts};
    use super::*;

    #[test]
    fn everybody_but_an_owner_with_others_may_leave() {
        assert_eq!(
            verdicts(|scene| rule(scene, actor())),
            [
                "forbidden",
                "not found",
                "not found",
                "banned",
                "not found",
                "ok",
                "ok",
                "hand over",
                "conflict"
            ]
        );
    }

    #[test]
    fn the_last_to_leave_deletes_the_room() {
        let mut scene = scene(RoomKind::Public, OWNER, Seat::Stranger);
        scene.room.member_count = 1;
        let decision = rule(&scene, actor()).unwrap();
        assert_eq!(decision.steps, [Step::Delete]);
    }
}
