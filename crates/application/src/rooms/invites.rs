//! Links into rooms.

use std::sync::Arc;
use std::time::Duration;

use domain::port::{Clock, Ids, IdsExt as _, Invites, Rooms, Users};
use domain::{Invite, InviteCode, InviteUse, Refusal, RoomId};

use super::rank::keeper;
use crate::access::inside;
use crate::{Caller, Error, InvitePreview, Ports};

/// An invite that somebody wants to hand out.
#[derive(Clone, Copy, Debug, Default)]
pub struct InvitePlan {
    /// For how long it is to work.
    pub expires_in: Option<Duration>,
    /// How many people it is to let in.
    pub max_uses: Option<i64>,
}

/// Hands out invites, for those who keep order in a room. What an invite is worth is decided when it
/// is used, in [`JoinRoom`](super::JoinRoom).
pub struct InviteDesk {
    rooms: Arc<dyn Rooms>,
    invites: Arc<dyn Invites>,
    users: Arc<dyn Users>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
}

impl InviteDesk {
    pub(crate) fn new(ports: &Ports) -> Self {
        Self {
            rooms: Arc::clone(&ports.rooms),
            invites: Arc::clone(&ports.invites),
            users: Arc::clone(&ports.users),
            clock: Arc::clone(&ports.clock),
            ids: Arc::clone(&ports.ids),
        }
    }

    /// Makes an invite.
    pub async fn create(
        &self,
        caller: &Caller,
        room: RoomId,
        plan: InvitePlan,
    ) -> Result<Invite, Error> {
        keeper(&inside(&*self.rooms, room, caller.user).await?)?;
        let now = self.clock.now();
        let invite = Invite {
            code: self.ids.invite_code(),
            room,
            created_by: caller.user,
            created_at: now,
            expires_at: plan.expires_in.map(|span| now + span),
            max_uses: plan.max_uses,
            uses: 0,
            revoked_at: None,
        };
        self.invites.create(&invite).await?;
        Ok(invite)
    }

    /// The invites that are good now, the newest first.
    pub async fn list(&self, caller: &Caller, room: RoomId) -> Result<Vec<Invite>, Error> {
        keeper(&inside(&*self.rooms, room, caller.user).await?)?;
        Ok(self.invites.of_room(room, self.clock.now()).await?)
    }

    /// Takes an invite back.
    pub async fn revoke(
        &self,
        caller: &Caller,
        room: RoomId,
        code: &InviteCode,
    ) -> Result<(), Error> {
        keeper(&inside(&*self.rooms, room, caller.user).await?)?;
        if self.invites.revoke(room, code, self.clock.now()).await? {
            Ok(())
        } else {
            Err(Refusal::NotFound.into())
        }
    }

    /// Shows where an invite leads to whoever holds it: the code is all the proof it takes.
    pub async fn preview(&self, code: &InviteCode) -> Result<InvitePreview, Error> {
        let invite = self.invites.find(code).await?.ok_or(Refusal::NotFound)?;
        if invite.worth(self.clock.now()) == InviteUse::Over {
            return Err(Refusal::InviteExpired.into());
        }
        let room = self.rooms.find(&[invite.room]).await?.pop();
        let inviter = self.users.find(&[invite.created_by]).await?.pop();
        Ok(InvitePreview {
            invite,
            room: room.ok_or(Refusal::NotFound)?,
            invited_by: inviter.ok_or(Refusal::NotFound)?,
        })
    }
}
