//! Members, invites and bans.

use std::time::Duration;

use application::rooms::{InvitePlan, MemberChanges};
use application::{BanView, InvitePreview, MemberView};
use domain::{Invite, Notifications, Role};
use protocol::{rest, shape};

use super::Links;
use super::moments::{from_wire, to_wire};
use super::people::{named_user, user};
use super::values::edit;

/// A member, or a former one.
pub(crate) fn member(view: MemberView) -> shape::Member {
    let MemberView { person, membership } = view;
    shape::Member {
        user: user(person),
        role: role(membership.role),
        joined_at: to_wire(membership.joined_at),
        left_at: membership.left_at.map(to_wire),
        rev: membership.rev.get(),
        read_seq: membership.cursors.read.get(),
        delivered_seq: membership.cursors.delivered.get(),
    }
}

/// A member's role.
pub(super) const fn role(role: Role) -> shape::Role {
    match role {
        Role::Owner => shape::Role::Owner,
        Role::Admin => shape::Role::Admin,
        Role::Member => shape::Role::Member,
    }
}

/// The requested changes to a member.
pub(crate) fn member_changes(form: &rest::EditMember) -> MemberChanges {
    let role = form.role.map(|role| match role {
        shape::Role::Owner => Role::Owner,
        shape::Role::Admin => Role::Admin,
        shape::Role::Member => Role::Member,
    });
    MemberChanges {
        role,
        silenced_until: edit(form.muted_until.clone(), from_wire),
    }
}

/// The request to mute a room's notifications.
pub(crate) fn muting(form: rest::Mute) -> Notifications {
    Notifications::Muted {
        until: form.until.map(from_wire),
    }
}

/// A ban.
pub(crate) fn ban(view: BanView) -> shape::Ban {
    shape::Ban {
        user: user(view.person),
        at: to_wire(view.at),
        by: view.by.as_uuid(),
    }
}

/// An invite, for those who may hand it out.
pub(crate) fn invite(invite: &Invite, links: &Links) -> shape::Invite {
    shape::Invite {
        code: invite.code.as_str().to_owned(),
        url: links.invite(&invite.code),
        expires_at: invite.expires_at.map(to_wire),
        max_uses: invite.max_uses,
        uses: invite.uses,
    }
}

/// The invite that is to be created.
pub(crate) fn invite_plan(form: &rest::CreateInvite) -> InvitePlan {
    let seconds = form.expires_in.and_then(|span| u64::try_from(span).ok());
    InvitePlan {
        expires_in: seconds.map(Duration::from_secs),
        max_uses: form.max_uses,
    }
}

/// A preview of what an invite leads to.
pub(crate) fn invite_preview(preview: InvitePreview) -> shape::InvitePreview {
    let InvitePreview {
        invite,
        room,
        invited_by,
    } = preview;
    shape::InvitePreview {
        code: invite.code.as_str().to_owned(),
        room: shape::InvitedRoom {
            id: room.id.as_uuid(),
            name: room.name.map(|name| name.as_str().to_owned()),
            description: room.description.map(|text| text.as_str().to_owned()),
            member_count: room.member_count,
        },
        invited_by: named_user(&invited_by),
        expires_at: invite.expires_at.map(to_wire),
    }
}
