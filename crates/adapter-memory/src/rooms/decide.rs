//! Applying a rule to a room, under the room's lock.

use domain::port::rooms::{Act, Decided, Party, Rule, Scene, Step};
use domain::{Edit, Failure, UserId, stepping};

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
        let room = row.room.clone();
        let cast = stepping::cast(&room, &decision.steps);
        let seats = cast
            .iter()
            .filter_map(|user| row.members.get(user))
            .cloned();
        let changes = stepping::carry_out(act, room, seats, &decision.steps);
        self.keep(act, &changes);
        self.events.extend(&decision.events);
        Ok(Decided::Done(Box::new(changes.outcome)))
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

    /// What a database's constraints would reject. Checked before anything is changed.
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
            matches!(&edit.standing_invite, Edit::Set(code) if self.invites.contains_key(code))
        });
        if used {
            return Err(Failure::lasting("rooms", "decide", "the code is in use"));
        }
        Ok(())
    }
}

fn party(row: &RoomRow, user: UserId) -> Party {
    Party {
        membership: row.member(user).cloned(),
        banned: row.bans.contains_key(&user),
    }
}
