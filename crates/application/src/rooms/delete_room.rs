//! Deleting a room.

use std::sync::Arc;

use domain::port::bus::{AccessChange, MemberChange, Removal};
use domain::port::rooms::{Act, Decision, Scene, Step};
use domain::port::{Clock, Members};
use domain::{Refusal, Role, RoomId, UserId};

use super::Acts;
use super::rank::{at_least, insider};
use crate::messages::Standings;
use crate::{Caller, Error, Ports};

/// How many members are notified individually that their room is gone. In larger rooms, subscribers
/// still learn of it at once, and others from the next time they list their rooms.
const TOLD: usize = 1_000;

/// Lets the owner delete a room.
pub struct DeleteRoom {
    members: Arc<dyn Members>,
    clock: Arc<dyn Clock>,
    acts: Acts,
}

impl DeleteRoom {
    pub(crate) fn new(ports: &Ports, standings: &Arc<Standings>) -> Self {
        Self {
            members: Arc::clone(&ports.members),
            clock: Arc::clone(&ports.clock),
            acts: Acts::new(ports, standings),
        }
    }

    /// Deletes the room and everything in it.
    #[tracing::instrument(skip_all, name = "delete_room")]
    pub async fn run(&self, caller: &Caller, room: RoomId) -> Result<(), Error> {
        let act = Act {
            room,
            actor: caller.user,
            subject: caller.user,
            invite: None,
            at: self.clock.now(),
        };
        // The members cannot be listed afterwards.
        let members = self.members.page(room, None, TOLD).await?;
        self.acts.carry_out(&act, MemberChange::Left, &rule).await?;
        let others: Vec<UserId> = members
            .iter()
            .map(|member| member.user)
            .filter(|user| *user != caller.user)
            .collect();
        self.acts
            .access_changed(room, &others, AccessChange::Removed(Removal::Deleted))
            .await;
        Ok(())
    }
}

fn rule(scene: &Scene) -> Result<Decision, Refusal> {
    at_least(Role::Owner, insider(scene)?)?;
    Ok(Decision {
        steps: vec![Step::Delete],
        events: Vec::new(),
    })
}

#[cfg(test)]
mod tests {
    use super::super::stage::verdicts;
    use super::*;

    #[test]
    fn only_the_owner_deletes_a_room() {
        assert_eq!(
            verdicts(rule),
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
