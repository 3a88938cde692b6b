//! Deciding on an act under the room's lock.

use domain::port::rooms::{Act, Decided, Outcome, Party, Rule, Scene, Step};
use domain::{Failure, UserId};

use super::stage::Stage;
use crate::state::{RoomRow, State};

impl State {
    pub(super) fn decide(&mut self, act: &Act, rule: &Rule<'_>) -> Result<Decided, Failure> {
        let Some(row) = self.rooms.get(&act.room) else {
            return Ok(Decided::Unknown);
        };
        let decision = match rule(&self.scene(row, act)) {
            Ok(decision) => decision,
            Err(refusal) => return Ok(Decided::Refused(refusal)),
        };
        self.check_steps(&decision.steps)?;
        let outcome = self.carry_out(act, &decision.steps);
        self.events.extend(&decision.events);
        Ok(outcome.map_or(Decided::Unknown, |outcome| Decided::Done(Box::new(outcome))))
    }

    fn scene(&self, row: &RoomRow, act: &Act) -> Scene {
        let shown = act.invite.as_ref().and_then(|code| self.invites.get(code));
        Scene {
            room: row.room.clone(),
            actor: party(row, act.actor),
            subject: party(row, act.subject),
            invite: shown.filter(|invite| invite.room == act.room).cloned(),
        }
    }

    /// What a database's constraints would refuse. Asked before anything is changed.
    fn check_steps(&self, steps: &[Step]) -> Result<(), Failure> {
        let newcomers = steps.iter().filter_map(|step| match step {
            Step::Admit { user } | Step::Ban { user } => Some(*user),
            Step::Depart { .. }
            | Step::LiftBan { .. }
            | Step::GiveRole { .. }
            | Step::HandOver { .. }
            | Step::Silence { .. }
            | Step::SpendInvite
            | Step::Edit(_)
            | Step::Delete => None,
        });
        if let Some(stranger) = self.stranger(newcomers) {
            return Err(Failure::lasting("rooms", "decide", stranger));
        }
        let used = steps.iter().any(|step| {
            let Step::Edit(edit) = step else { return false };
            let code = edit.access.iter().flatten().next();
            code.is_some_and(|code| self.invites.contains_key(code))
        });
        if used {
            return Err(Failure::lasting("rooms", "decide", "the code is in use"));
        }
        Ok(())
    }

    fn carry_out(&mut self, act: &Act, steps: &[Step]) -> Option<Outcome> {
        let row = self.rooms.get_mut(&act.room)?;
        let mut stage = Stage::new(act, row, &mut self.belonging, &mut self.invites);
        for step in steps {
            stage.take(step);
        }
        let outcome = stage.outcome();
        if outcome.deleted
            && let Some(row) = self.rooms.remove(&act.room)
        {
            self.gone.insert(act.room, row);
        }
        Some(outcome)
    }
}

fn party(row: &RoomRow, user: UserId) -> Party {
    Party {
        membership: row.member(user).cloned(),
        banned: row.bans.contains_key(&user),
    }
}
