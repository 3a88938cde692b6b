//! Changing a room's properties.

use std::sync::Arc;

use domain::port::bus::MemberChange;
use domain::port::rooms::{Act, Decision, RoomEdit, Scene, Step};
use domain::port::{Clock, Ids, IdsExt as _};
use domain::{
    Description, Edit, History, InviteCode, Refusal, Role, Room, RoomId, RoomKind, RoomName,
};

use super::Acts;
use super::rank::{at_least, insider};
use crate::access::Inside;
use crate::messages::Standings;
use crate::present::RoomViews;
use crate::{Caller, Error, Ports, RoomView};

/// New values for some of a room's properties; `None` and [`Edit::Keep`] leave one as it is.
#[derive(Clone, Debug, Default)]
pub struct RoomChanges {
    /// Another name.
    pub name: Option<RoomName>,
    /// Another description, or none.
    pub description: Edit<Description>,
    /// Whether it can only be joined with an invite.
    pub private: Option<bool>,
    /// Another history setting, for members who join from now on.
    pub history: Option<History>,
}

/// Lets admins and the owner change a room.
pub struct EditRoom {
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
    acts: Acts,
    views: RoomViews,
}

impl EditRoom {
    pub(crate) fn new(ports: &Ports, standings: &Arc<Standings>) -> Self {
        Self {
            clock: Arc::clone(&ports.clock),
            ids: Arc::clone(&ports.ids),
            acts: Acts::new(ports, standings),
            views: RoomViews::new(ports),
        }
    }

    /// Changes the room and shows it.
    #[tracing::instrument(skip_all, name = "edit_room")]
    pub async fn run(
        &self,
        caller: &Caller,
        room: RoomId,
        changes: RoomChanges,
    ) -> Result<RoomView, Error> {
        let act = Act {
            room,
            actor: caller.user,
            subject: caller.user,
            invite: None,
            at: self.clock.now(),
        };
        let code = self.ids.invite_code();
        let Inside { room, membership } = self
            .acts
            .carry_out_inside(&act, MemberChange::Role, &|scene| {
                rule(scene, &changes, &code)
            })
            .await?;
        Ok(self
            .views
            .show_one(caller.user, room, Some(membership))
            .await?)
    }
}

fn rule(scene: &Scene, changes: &RoomChanges, code: &InviteCode) -> Result<Decision, Refusal> {
    at_least(Role::Admin, insider(scene)?)?;
    let edit = edit(&scene.room, changes, code);
    // A room that already has these values must not use up a rev.
    let steps = if edit == RoomEdit::default() {
        Vec::new()
    } else {
        vec![Step::Edit(edit)]
    };
    Ok(Decision {
        steps,
        events: Vec::new(),
    })
}

/// The wanted changes that differ from the current values.
fn edit(room: &Room, changes: &RoomChanges, code: &InviteCode) -> RoomEdit {
    let is_private = room.kind == RoomKind::Private;
    let other = |name: &RoomName| room.name.as_ref() != Some(name);
    RoomEdit {
        name: changes.name.clone().filter(other),
        description: changes
            .description
            .clone()
            .unless_already(room.description.as_ref()),
        history: changes.history.filter(|history| room.history != *history),
        standing_invite: match changes.private {
            Some(true) if !is_private => Edit::Set(code.clone()),
            Some(false) if is_private => Edit::Clear,
            Some(_) | None => Edit::Keep,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::super::stage::{OWNER, Seat, code, scene, verdicts};
    use super::*;

    #[test]
    fn admins_and_the_owner_change_a_room() {
        assert_eq!(
            verdicts(|scene| rule(scene, &RoomChanges::default(), &code())),
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
    fn what_is_so_already_is_no_change() {
        let wish = RoomChanges {
            private: Some(false),
            description: Edit::Clear,
            history: Some(History::All),
            name: None,
        };
        let scene = scene(RoomKind::Public, OWNER, Seat::Stranger);
        assert_eq!(rule(&scene, &wish, &code()), Ok(Decision::default()));
    }

    #[test]
    fn a_room_becomes_private_with_an_invite_and_public_without() {
        let wish = |private| RoomChanges {
            private: Some(private),
            ..RoomChanges::default()
        };
        let invite = |kind, private| {
            let scene = scene(kind, OWNER, Seat::Stranger);
            edit(&scene.room, &wish(private), &code()).standing_invite
        };
        assert_eq!(invite(RoomKind::Public, true), Edit::Set(code()));
        assert_eq!(invite(RoomKind::Private, false), Edit::Clear);
        assert_eq!(invite(RoomKind::Private, true), Edit::Keep);
    }
}
