//! Rooms.

use application::rooms::{ChatPlan, Door, RoomChanges, RoomPlan};
use application::{RoomView, StandingView};
use domain::{Description, History, InviteCode, Refusal, Room, RoomId, RoomKind, RoomName, UserId};
use protocol::{rest, shape};

use super::members::role;
use super::messages::message;
use super::moments::to_wire;
use super::people::user;
use super::values::edit;
use super::{Links, value};

/// A room, as the reader may see it.
pub(crate) fn room(view: RoomView, links: &Links) -> shape::Room {
    let RoomView {
        room,
        invite,
        participants,
        standing,
        last_message,
    } = view;
    shape::Room {
        id: room.id.as_uuid(),
        kind: kind(&room),
        is_private: room.kind != RoomKind::Public,
        name: room.name.map(|name| name.as_str().to_owned()),
        description: room.description.map(|text| text.as_str().to_owned()),
        owner_id: room.owner.map(UserId::as_uuid),
        member_count: room.member_count,
        created_at: to_wire(room.created_at),
        updated_at: to_wire(room.updated_at),
        rev: room.rev.get(),
        last_seq: room.last_seq.get(),
        last_rev: room.last_rev.get(),
        history: match room.history {
            History::All => shape::History::All,
            History::Joined => shape::History::Joined,
        },
        participants: participants.map(|people| people.into_iter().map(user).collect()),
        invite_url: invite.as_ref().and_then(|code| links.invite_to_room(code)),
        invite_code: invite.map(|code| code.as_str().to_owned()),
        membership: standing.map(|view| standing_of(&view)),
        last_message: last_message.map(message),
    }
}

const fn kind(room: &Room) -> shape::RoomKind {
    match room.kind {
        RoomKind::Public => shape::RoomKind::Public,
        RoomKind::Private => shape::RoomKind::Private,
        RoomKind::Direct(_) => shape::RoomKind::Direct,
    }
}

fn standing_of(view: &StandingView) -> shape::Standing {
    let membership = &view.membership;
    shape::Standing {
        role: role(membership.role),
        joined_at: to_wire(membership.joined_at),
        from_seq: membership.from_seq.get(),
        read_seq: membership.cursors.read.get(),
        delivered_seq: membership.cursors.delivered.get(),
        unread: view.unread,
        mentions: view.mentions,
        muted: view.muted,
        muted_until: view.muted_until.map(to_wire),
    }
}

const fn history(history: shape::History) -> History {
    match history {
        shape::History::All => History::All,
        shape::History::Joined => History::Joined,
    }
}

/// The room that is to be created.
pub(crate) fn room_plan(form: rest::CreateRoom) -> Result<RoomPlan, Refusal> {
    let description = form.description.map(Description::parse).transpose();
    Ok(RoomPlan {
        name: value("name", RoomName::parse(form.name))?,
        description: value("description", description)?,
        private: form.is_private,
        history: history(form.history),
        unique_name: false,
    })
}

/// The public room that is to be created under a unique name.
pub(crate) fn named_room_plan(form: rest::NamedRoom) -> Result<RoomPlan, Refusal> {
    Ok(RoomPlan {
        name: value("name", RoomName::parse(form.name))?,
        description: None,
        private: false,
        history: History::All,
        unique_name: true,
    })
}

/// The name of a room, from the field that contains it.
pub(crate) fn room_name(field: &'static str, name: String) -> Result<RoomName, Refusal> {
    value(field, RoomName::parse(name))
}

/// The requested changes to a room.
pub(crate) fn room_changes(form: rest::EditRoom) -> Result<RoomChanges, Refusal> {
    let name = form.name.map(RoomName::parse).transpose();
    let description = edit(form.description, Description::parse).transpose();
    Ok(RoomChanges {
        name: value("name", name)?,
        description: value("description", description)?,
        private: form.is_private,
        history: form.history.map(history),
    })
}

/// How to enter a room by `POST /api/rooms/join`. What cannot be a code admits to nothing.
pub(crate) fn door(form: rest::JoinAny) -> Result<Door, Refusal> {
    match form {
        rest::JoinAny::InviteCode(code) => InviteCode::parse(code)
            .map(Door::Invite)
            .map_err(|_no_code| Refusal::NotFound),
        rest::JoinAny::RoomId(id) => Ok(Door::Room(RoomId::from_uuid(id), None)),
    }
}

/// The conversation that is to be started.
pub(crate) fn chat_plan(form: rest::CreateChat) -> Result<ChatPlan, Refusal> {
    let name = form.name.map(RoomName::parse).transpose();
    let participants = form.participant_ids.into_iter();
    Ok(ChatPlan {
        participants: participants.map(UserId::from_uuid).collect(),
        name: value("name", name)?,
        group: form.kind.map(|kind| match kind {
            rest::ChatKind::Private => false,
            rest::ChatKind::Group => true,
        }),
    })
}
