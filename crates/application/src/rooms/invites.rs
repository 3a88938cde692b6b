//! Links into rooms.

use std::sync::Arc;
use std::time::Duration;

use domain::port::{Clock, Ids, IdsExt as _, Invites, Rooms, Users};
use domain::{Invite, InviteCode, InviteUse, Refusal, RoomId};

use super::rank::keeper;
use crate::access::inside;
use crate::portion::MOST;
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

    /// The invites that are good now, the newest first, as many as a list holds.
    pub async fn list(&self, caller: &Caller, room: RoomId) -> Result<Vec<Invite>, Error> {
        keeper(&inside(&*self.rooms, room, caller.user).await?)?;
        let mut invites = self.invites.of_room(room, self.clock.now()).await?;
        invites.truncate(MOST);
        Ok(invites)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Stage, refusal};

    const RIGHTS: [&str; 3] = [
        "forbidden banned forbidden forbidden ok ok",
        "unknown unknown forbidden forbidden ok ok",
        "unknown conflict",
    ];

    #[tokio::test]
    async fn who_keeps_order_hands_out_invites() {
        let stage = Stage::new().await;
        let desk = InviteDesk::new(&stage.world.ports);
        let plan = InvitePlan::default();
        let made = stage.table(async |who, spot| desk.create(&who, spot.room, plan).await);
        assert_eq!(made.await, RIGHTS);
        let listed = stage.table(async |who, spot| desk.list(&who, spot.room).await);
        assert_eq!(listed.await, RIGHTS);
    }

    #[tokio::test]
    async fn who_keeps_order_takes_invites_back() {
        let stage = Stage::new().await;
        let desk = InviteDesk::new(&stage.world.ports);
        let invites = &stage.world.ports.invites;
        let revoked = stage.table(async |who, spot| {
            let code = stage.world.ports.ids.invite_code();
            let invite = Invite {
                code: code.clone(),
                room: spot.room,
                created_by: stage.owner.user,
                created_at: stage.world.now(),
                expires_at: None,
                max_uses: None,
                uses: 0,
                revoked_at: None,
            };
            invites.create(&invite).await.unwrap();
            desk.revoke(&who, spot.room, &code).await
        });
        assert_eq!(revoked.await, RIGHTS);
    }

    #[tokio::test]
    async fn an_invite_is_as_planned_and_listed_while_it_is_good() {
        let stage = Stage::new().await;
        let desk = InviteDesk::new(&stage.world.ports);
        let plan = InvitePlan {
            expires_in: Some(Duration::from_mins(1)),
            max_uses: Some(5),
        };
        let made = desk.create(&stage.admin, stage.private, plan);
        let made = made.await.unwrap();
        assert_eq!(made.created_by, stage.admin.user);
        let end = stage.world.now() + Duration::from_mins(1);
        assert_eq!((made.expires_at, made.max_uses), (Some(end), Some(5)));
        let listed = async || {
            let invites = desk.list(&stage.owner, stage.private).await.unwrap();
            invites.iter().any(|invite| invite.code == made.code)
        };
        assert!(listed().await);
        stage.world.pass(Duration::from_mins(1));
        assert!(!listed().await);
    }

    #[tokio::test]
    async fn of_very_many_invites_the_latest_are_listed() {
        let stage = Stage::new().await;
        let desk = InviteDesk::new(&stage.world.ports);
        let plan = InvitePlan::default();
        let mut made = Vec::new();
        for _ in 0..=MOST {
            stage.world.pass(Duration::from_millis(1));
            let invite = desk.create(&stage.owner, stage.public, plan).await.unwrap();
            made.push(invite);
        }
        made.remove(0);
        made.reverse();
        let listed = desk.list(&stage.owner, stage.public).await.unwrap();
        assert_eq!(listed, made);
    }

    #[tokio::test]
    async fn a_preview_shows_what_an_invite_leads_to_while_it_is_good() {
        let stage = Stage::new().await;
        let desk = InviteDesk::new(&stage.world.ports);
        let made = desk.create(&stage.admin, stage.private, InvitePlan::default());
        let code = made.await.unwrap().code;
        let preview = desk.preview(&code).await.unwrap();
        assert_eq!(preview.room.id, stage.private);
        assert_eq!(preview.invited_by.id, stage.admin.user);

        let revoke = async |room| desk.revoke(&stage.owner, room, &code).await;
        assert_eq!(refusal(revoke(stage.public).await), Refusal::NotFound);
        assert!(revoke(stage.private).await.is_ok());
        assert_eq!(refusal(revoke(stage.private).await), Refusal::NotFound);
        let over = desk.preview(&code).await;
        assert_eq!(refusal(over), Refusal::InviteExpired);
        let unknown = stage.world.ports.ids.invite_code();
        let answer = desk.preview(&unknown).await;
        assert_eq!(refusal(answer), Refusal::NotFound);
    }
}
