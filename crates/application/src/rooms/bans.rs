//! Seeing who is banned from a room, and lifting bans.

use std::sync::Arc;

use domain::port::bus::MemberChange;
use domain::port::rooms::{Act, Decision, Scene, Step};
use domain::port::{Clock, Members, Rooms};
use domain::{Refusal, Role, RoomId, UserId};

use super::Acts;
use super::rank::{at_least, insider, keeper};
use crate::access::inside;
use crate::messages::Standings;
use crate::portion::MOST;
use crate::present::People;
use crate::{BanView, Caller, Error, Ports};

/// The bans of a room, for its moderators.
pub struct Bans {
    rooms: Arc<dyn Rooms>,
    members: Arc<dyn Members>,
    clock: Arc<dyn Clock>,
    acts: Acts,
    people: People,
}

impl Bans {
    pub(crate) fn new(ports: &Ports, standings: &Arc<Standings>) -> Self {
        Self {
            rooms: Arc::clone(&ports.rooms),
            members: Arc::clone(&ports.members),
            clock: Arc::clone(&ports.clock),
            acts: Acts::new(ports, standings),
            people: People::new(ports),
        }
    }

    /// The banned users, latest first, up to the length of a list.
    pub async fn list(&self, caller: &Caller, room: RoomId) -> Result<Vec<BanView>, Error> {
        keeper(&inside(&*self.rooms, room, caller.user).await?)?;
        let mut bans = self.members.bans(room).await?;
        bans.truncate(MOST);
        let banned = bans.iter().map(|ban| ban.user);
        let mut people = self.people.by_id(caller.user, banned).await?;
        Ok(bans
            .into_iter()
            .filter_map(|ban| {
                let person = people.remove(&ban.user)?;
                Some(BanView {
                    person,
                    at: ban.at,
                    by: ban.by,
                })
            })
            .collect())
    }

    /// Lifts a ban. This does not make the user a member again.
    pub async fn lift(&self, caller: &Caller, room: RoomId, user: UserId) -> Result<(), Error> {
        let act = Act {
            room,
            actor: caller.user,
            subject: user,
            invite: None,
            at: self.clock.now(),
        };
        self.acts
            .carry_out(&act, MemberChange::Role, &|scene| rule(scene, user))
            .await?;
        Ok(())
    }
}

fn rule(scene: &Scene, user: UserId) -> Result<Decision, Refusal> {
    let actor = insider(scene)?;
    at_least(Role::Admin, actor)?;
    // Only those who may see the bans learn that there is none.
    if !scene.subject.banned {
        return Err(Refusal::NotFound);
    }
    Ok(Decision {
        steps: vec![Step::LiftBan { user }],
        events: Vec::new(),
    })
}

#[cfg(test)]
mod tests {
    use super::super::stage::{MEMBER, Seat, subject, verdicts_upon};
    use super::*;

    #[test]
    fn admins_and_the_owner_lift_bans() {
        assert_eq!(
            verdicts_upon(Seat::Banned, |scene| rule(scene, subject())),
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
    fn who_is_not_shut_out_cannot_be_let_in_again() {
        for seat in [MEMBER, Seat::Stranger] {
            let upon = verdicts_upon(seat, |scene| rule(scene, subject()));
            assert_eq!(upon[5..8], ["forbidden", "not found", "not found"]);
        }
    }
}
