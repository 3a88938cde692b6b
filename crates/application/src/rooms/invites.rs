//! Invites into rooms.

use std::sync::Arc;
use std::time::Duration;

use domain::port::bus::MemberChange;
use domain::port::rooms::{Act, Decision, RoomEdit, Scene, Step};
use domain::port::{Clock, Ids, IdsExt as _, Invites, Rooms, Users};
use domain::{Edit, Invite, InviteCode, InviteUse, Refusal, Role, Room, RoomId, RoomKind};

use super::Acts;
use super::rank::{at_least, insider, keeper};
use crate::access::inside;
use crate::messages::Standings;
use crate::portion::MOST;
use crate::{Caller, Error, InvitePreview, Ports};

/// The details of a new invite.
#[derive(Clone, Copy, Debug, Default)]
pub struct InvitePlan {
    /// How long it is valid.
    pub expires_in: Option<Duration>,
    /// How many users it admits.
    pub max_uses: Option<i64>,
}

/// Issues invites, for moderators of a room. Whether an invite is valid is decided when it is used,
/// in [`JoinRoom`](super::JoinRoom).
pub struct InviteDesk {
    rooms: Arc<dyn Rooms>,
    invites: Arc<dyn Invites>,
    users: Arc<dyn Users>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
    acts: Acts,
}

impl InviteDesk {
    pub(crate) fn new(ports: &Ports, standings: &Arc<Standings>) -> Self {
        Self {
            rooms: Arc::clone(&ports.rooms),
            invites: Arc::clone(&ports.invites),
            users: Arc::clone(&ports.users),
            clock: Arc::clone(&ports.clock),
            ids: Arc::clone(&ports.ids),
            acts: Acts::new(ports, standings),
        }
    }

    /// Creates an invite. If it is unlimited and the private room has lost its standing invite, it
    /// becomes the new standing one.
    pub async fn create(
        &self,
        caller: &Caller,
        room: RoomId,
        plan: InvitePlan,
    ) -> Result<Invite, Error> {
        let inside = inside(&*self.rooms, room, caller.user).await?;
        keeper(&inside)?;
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
        let endless = plan.expires_in.is_none() && plan.max_uses.is_none();
        if !(endless && wants_one(&inside.room) && self.stands(&invite).await?) {
            self.invites.create(&invite).await?;
        }
        Ok(invite)
    }

    /// Makes this the room's standing invite, unless the room has got one meanwhile.
    async fn stands(&self, invite: &Invite) -> Result<bool, Error> {
        let act = Act {
            room: invite.room,
            actor: invite.created_by,
            subject: invite.created_by,
            invite: None,
            at: invite.created_at,
        };
        let given = self
            .acts
            .carry_out(&act, MemberChange::Role, &|scene| rule(scene, &invite.code))
            .await?;
        Ok(given.room.standing_invite.as_ref() == Some(&invite.code))
    }

    /// The invites that are valid now, newest first, up to the length of a list.
    pub async fn list(&self, caller: &Caller, room: RoomId) -> Result<Vec<Invite>, Error> {
        keeper(&inside(&*self.rooms, room, caller.user).await?)?;
        let mut invites = self.invites.of_room(room, self.clock.now()).await?;
        invites.truncate(MOST);
        Ok(invites)
    }

    /// Revokes the invite with this code, as typed. What cannot be a code is not found, by those who may
    /// revoke one.
    pub async fn revoke(&self, caller: &Caller, room: RoomId, code: &str) -> Result<(), Error> {
        keeper(&inside(&*self.rooms, room, caller.user).await?)?;
        let code = InviteCode::parse(code).map_err(|_no_code| Refusal::NotFound)?;
        if self.invites.revoke(room, &code, self.clock.now()).await? {
            Ok(())
        } else {
            Err(Refusal::NotFound.into())
        }
    }

    /// Shows where an invite leads to anyone who knows its code, which is the only proof required.
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

/// Whether the room lacks the standing invite that it should have, because the last one was
/// revoked.
fn wants_one(room: &Room) -> bool {
    room.kind == RoomKind::Private && room.standing_invite.is_none()
}

fn rule(scene: &Scene, code: &InviteCode) -> Result<Decision, Refusal> {
    at_least(Role::Admin, insider(scene)?)?;
    let edit = RoomEdit {
        standing_invite: Edit::Set(code.clone()),
        ..RoomEdit::default()
    };
    let wanted = wants_one(&scene.room).then_some(Step::Edit(edit));
    Ok(Decision {
        steps: wanted.into_iter().collect(),
        events: Vec::new(),
    })
}

#[cfg(test)]
mod tests {
    use futures::future::try_join_all;

    use super::super::stage::{OWNER, Seat, code, scene, verdicts};
    use super::*;
    use crate::testing::{Stage, refusal};

    fn desk(stage: &Stage) -> InviteDesk {
        InviteDesk::new(&stage.world.ports, &stage.standings)
    }

    #[test]
    fn admins_and_the_owner_give_a_room_its_standing_invite() {
        assert_eq!(
            verdicts(|scene| rule(scene, &code())),
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
    fn only_a_private_room_without_a_standing_invite_wants_one() {
        let with_one = scene(RoomKind::Private, OWNER, Seat::Stranger);
        let public = scene(RoomKind::Public, OWNER, Seat::Stranger);
        for scene in [&with_one, &public] {
            assert_eq!(rule(scene, &code()), Ok(Decision::default()));
        }
        let mut without = with_one;
        without.room.standing_invite = None;
        assert_eq!(rule(&without, &code()).unwrap().steps.len(), 1);
    }

    #[tokio::test]
    async fn a_new_invite_without_an_end_stands_where_none_does() {
        let stage = Stage::new().await;
        let (ports, room) = (&stage.world.ports, stage.private);
        let desk = desk(&stage);
        let standing = async || {
            let found = ports.rooms.find(&[room]).await.unwrap().pop();
            found.unwrap().standing_invite
        };
        let old = standing().await.unwrap();
        let invite = async |plan| desk.create(&stage.admin, room, plan).await.unwrap();
        invite(InvitePlan::default()).await;
        assert_eq!(standing().await, Some(old.clone()));
        desk.revoke(&stage.owner, room, old.as_str()).await.unwrap();
        let bounded = InvitePlan {
            expires_in: None,
            max_uses: Some(5),
        };
        invite(bounded).await;
        assert_eq!(standing().await, None);

        let several = (0..5).map(|_| desk.create(&stage.owner, room, InvitePlan::default()));
        let made: Vec<Invite> = try_join_all(several).await.unwrap();
        let new = standing().await.unwrap();
        assert_eq!(made.iter().filter(|one| one.code == new).count(), 1);
        let listed = desk.list(&stage.owner, room).await.unwrap();
        assert!(made.iter().all(|one| listed.contains(one)));
    }

    const RIGHTS: [&str; 3] = [
        "forbidden banned forbidden forbidden ok ok",
        "unknown unknown forbidden forbidden ok ok",
        "unknown conflict",
    ];

    #[tokio::test]
    async fn who_keeps_order_hands_out_invites() {
        let stage = Stage::new().await;
        let desk = desk(&stage);
        let plan = InvitePlan::default();
        let made = stage.table(async |who, spot| desk.create(&who, spot.room, plan).await);
        assert_eq!(made.await, RIGHTS);
        let listed = stage.table(async |who, spot| desk.list(&who, spot.room).await);
        assert_eq!(listed.await, RIGHTS);
    }

    #[tokio::test]
    async fn who_keeps_order_takes_invites_back() {
        let stage = Stage::new().await;
        let desk = desk(&stage);
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
            desk.revoke(&who, spot.room, code.as_str()).await
        });
        assert_eq!(revoked.await, RIGHTS);
        let unknown = stage.table(async |who, spot| desk.revoke(&who, spot.room, "no code").await);
        assert_eq!(
            unknown.await,
            [
                "forbidden banned forbidden forbidden unknown unknown",
                "unknown unknown forbidden forbidden unknown unknown",
                "unknown conflict",
            ]
        );
    }

    #[tokio::test]
    async fn an_invite_is_as_planned_and_listed_while_it_is_good() {
        let stage = Stage::new().await;
        let desk = desk(&stage);
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
        let desk = desk(&stage);
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
        let desk = desk(&stage);
        let made = desk.create(&stage.admin, stage.private, InvitePlan::default());
        let code = made.await.unwrap().code;
        let preview = desk.preview(&code).await.unwrap();
        assert_eq!(preview.room.id, stage.private);
        assert_eq!(preview.invited_by.id, stage.admin.user);

        let revoke = async |room| desk.revoke(&stage.owner, room, code.as_str()).await;
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
