//! Members, bans and invites.

use protocol::rest::{CreateInvite, EditMember};
use protocol::shape::{Ban, Bans, Invite, Invites, Member, MemberPage};
use uuid::Uuid;

use super::{Account, Page};
use crate::Error;
use crate::call::{Call, path};

impl Account {
    /// The members of a room, optionally only those who are online.
    pub async fn members(&self, room: Uuid, online: bool, page: Page) -> Result<MemberPage, Error> {
        let call = Call::get(path([&"rooms", &room, &"users"]));
        self.ask(page.of(call.about("online", online.then_some(true))))
            .await
    }

    /// Changes a member's role, or mutes them.
    pub async fn change_member(
        &self,
        room: Uuid,
        user: Uuid,
        change: &EditMember,
    ) -> Result<Member, Error> {
        self.ask(Call::patch(
            path([&"rooms", &room, &"users", &user]),
            change,
        )?)
        .await
    }

    /// Removes a member, who may rejoin.
    pub async fn kick(&self, room: Uuid, user: Uuid) -> Result<(), Error> {
        self.tell(Call::delete(path([&"rooms", &room, &"users", &user])))
            .await
    }

    /// Removes a member and bans them.
    pub async fn ban(&self, room: Uuid, user: Uuid) -> Result<(), Error> {
        let call = Call::delete(path([&"rooms", &room, &"users", &user]));
        self.tell(call.about("ban", Some(true))).await
    }

    /// Who is banned from a room.
    pub async fn bans(&self, room: Uuid) -> Result<Vec<Ban>, Error> {
        let told: Bans = self
            .ask(Call::get(path([&"rooms", &room, &"bans"])))
            .await?;
        Ok(told.bans)
    }

    /// Lifts a ban.
    pub async fn unban(&self, room: Uuid, user: Uuid) -> Result<(), Error> {
        self.tell(Call::delete(path([&"rooms", &room, &"bans", &user])))
            .await
    }

    /// Creates an invite.
    pub async fn create_invite(&self, room: Uuid, bounds: CreateInvite) -> Result<Invite, Error> {
        self.ask(Call::post(path([&"rooms", &room, &"invites"]), &bounds)?)
            .await
    }

    /// The invites of a room.
    pub async fn invites(&self, room: Uuid) -> Result<Vec<Invite>, Error> {
        let told: Invites = self
            .ask(Call::get(path([&"rooms", &room, &"invites"])))
            .await?;
        Ok(told.invites)
    }

    /// Revokes an invite.
    pub async fn revoke_invite(&self, room: Uuid, code: &str) -> Result<(), Error> {
        self.tell(Call::delete(path([&"rooms", &room, &"invites", &code])))
            .await
    }
}
