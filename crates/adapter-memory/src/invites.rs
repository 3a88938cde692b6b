//! Invite links into private rooms.

use std::cmp::Reverse;

use async_trait::async_trait;
use domain::port::Invites;
use domain::{Failure, Invite, InviteCode, RoomId, Timestamp};

use crate::MemoryStore;
use crate::state::State;

#[async_trait]
impl Invites for MemoryStore {
    async fn create(&self, invite: &Invite) -> Result<(), Failure> {
        let mut state = self.state();
        let breakage = |what: String| Err(Failure::lasting("invites", "create", what));
        if let Some(stranger) = state.stranger([invite.created_by]) {
            return breakage(stranger);
        }
        if state.invites.contains_key(&invite.code) {
            return breakage("the code is in use".to_owned());
        }
        // An invite into a room that is being cleared is accepted, but will never be found.
        if !state.stands(Some(invite.room)) && !state.gone.contains_key(&invite.room) {
            return breakage(format!("there is no room {}", invite.room));
        }
        state.keep_invite(invite.clone());
        Ok(())
    }

    async fn find(&self, code: &InviteCode) -> Result<Option<Invite>, Failure> {
        let state = self.state();
        let found = state.invites.get(code);
        Ok(found
            .filter(|invite| state.stands(Some(invite.room)))
            .cloned())
    }

    async fn of_room(&self, room: RoomId, now: Timestamp) -> Result<Vec<Invite>, Failure> {
        let state = self.state();
        if !state.stands(Some(room)) {
            return Ok(Vec::new());
        }
        let all = state.invites.values();
        let good = all.filter(|invite| invite.admits_to(room, now));
        let mut invites: Vec<Invite> = good.cloned().collect();
        invites.sort_by_key(|invite| Reverse((invite.created_at, invite.code.clone())));
        Ok(invites)
    }

    async fn revoke(
        &self,
        room: RoomId,
        code: &InviteCode,
        now: Timestamp,
    ) -> Result<bool, Failure> {
        Ok(self.state().revoke(room, code, now).is_some())
    }
}

impl State {
    fn revoke(&mut self, room: RoomId, code: &InviteCode, now: Timestamp) -> Option<()> {
        let row = self.rooms.get_mut(&room)?;
        let invite = self.invites.get_mut(code)?;
        if !invite.admits_to(room, now) {
            return None;
        }
        invite.revoked_at = Some(now);
        if row.room.standing_invite.as_ref() == Some(code) {
            row.room.standing_invite = None;
        }
        Some(())
    }
}
