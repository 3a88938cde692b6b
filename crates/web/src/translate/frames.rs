//! Frames for sockets.

use application::{ChangeView, MessageView, RoomView};
use domain::port::bus::{MemberChange, MessageChange, NotificationKind, Removal};
use domain::{Cursors, Media, MessageId, Rev, Room, RoomId, Timestamp, UserId};
use protocol::realtime::{
    MemberOp, MessageOp, NotificationKind as Kind, ReactionBy, RemovalReason, RoomOp, ServerFrame,
};
use protocol::shape;

use super::Links;
use super::members::member;
use super::messages::message;
use super::moments::to_wire;
use super::rooms::room;

/// A durable change, for clients that have received everything up to `prev`. The frame goes to many
/// readers, so it contains nothing specific to one of them.
pub(crate) fn told(room_id: RoomId, change: &ChangeView, prev: Rev) -> ServerFrame {
    let (rev, prev) = (change.rev().get(), prev.get());
    let room_id = room_id.as_uuid();
    match change {
        ChangeView::Message(view, how) => {
            let (op, by) = message_op(view, how);
            ServerFrame::Message {
                op,
                room_id,
                rev,
                prev,
                message: everybodys_message(view),
                by,
            }
        }
        ChangeView::Member(view, how) => ServerFrame::Member {
            op: member_op(*how),
            room_id,
            rev,
            prev,
            member: member((**view).clone()),
        },
        ChangeView::Room(changed) => ServerFrame::Room {
            op: RoomOp::Updated,
            room_id,
            rev,
            prev,
            room: everybodys_room(changed),
        },
        ChangeView::RoomDeleted(gone) => ServerFrame::Room {
            op: RoomOp::Deleted,
            room_id,
            rev,
            prev,
            room: everybodys_room(gone),
        },
    }
}

/// Announces a change that the reader may not read.
pub(crate) fn skipped(room: RoomId, rev: Rev, prev: Rev) -> ServerFrame {
    ServerFrame::Skip {
        room_id: room.as_uuid(),
        rev: rev.get(),
        prev: prev.get(),
    }
}

fn message_op(view: &MessageView, how: &MessageChange) -> (MessageOp, Option<ReactionBy>) {
    if view.message.deleted_at.is_some() {
        return (MessageOp::Deleted, None);
    }
    match how {
        MessageChange::Created => (MessageOp::Created, None),
        MessageChange::Updated => (MessageOp::Updated, None),
        MessageChange::Deleted => (MessageOp::Deleted, None),
        MessageChange::Reacted { user, emoji, on } => {
            let by = ReactionBy {
                user_id: user.as_uuid(),
                emoji: emoji.as_str().to_owned(),
                on: *on,
            };
            (MessageOp::Updated, Some(by))
        }
    }
}

/// A message without anything specific to one reader.
pub(crate) fn everybodys_message(view: &MessageView) -> shape::Message {
    let mut shown = message(view.clone());
    shown.status = None;
    for reaction in &mut shown.reactions {
        reaction.mine = None;
    }
    shown
}

/// A room without anything specific to one reader.
pub(crate) fn everybodys_room(changed: &Room) -> shape::Room {
    let view = RoomView {
        room: changed.clone(),
        invite: None,
        participants: None,
        standing: None,
        last_message: None,
    };
    room(view, &Links::nowhere())
}

const fn member_op(how: MemberChange) -> MemberOp {
    match how {
        MemberChange::Joined => MemberOp::Joined,
        MemberChange::Left => MemberOp::Left,
        MemberChange::Kicked => MemberOp::Kicked,
        MemberChange::Banned => MemberOp::Banned,
        MemberChange::Role => MemberOp::Role,
    }
}

/// Announces that a member's cursors moved.
pub(crate) const fn receipt(room: RoomId, user: UserId, cursors: Cursors) -> ServerFrame {
    ServerFrame::Receipt {
        room_id: room.as_uuid(),
        user_id: user.as_uuid(),
        read_seq: cursors.read.get(),
        delivered_seq: cursors.delivered.get(),
    }
}

/// Announces that a member is typing, or has stopped.
pub(crate) const fn typing(room: RoomId, user: UserId, on: bool) -> ServerFrame {
    ServerFrame::Typing {
        room_id: room.as_uuid(),
        user_id: user.as_uuid(),
        on,
    }
}

/// Announces that a user came online or went offline.
pub(crate) fn presence(user: UserId, online: bool, last_seen: Option<Timestamp>) -> ServerFrame {
    ServerFrame::Presence {
        user_id: user.as_uuid(),
        status: if online {
            shape::Presence::Online
        } else {
            shape::Presence::Offline
        },
        last_seen_at: last_seen.map(to_wire),
    }
}

/// Announces that the reader is now in a room.
pub(crate) fn room_added(view: RoomView, links: &Links) -> ServerFrame {
    ServerFrame::RoomAdded {
        room: room(view, links),
    }
}

/// Announces that the reader is no longer in a room.
pub(crate) const fn room_removed(room: RoomId, why: Removal) -> ServerFrame {
    ServerFrame::RoomRemoved {
        room_id: room.as_uuid(),
        reason: match why {
            Removal::Left => RemovalReason::Left,
            Removal::Kicked => RemovalReason::Kicked,
            Removal::Banned => RemovalReason::Banned,
            Removal::Deleted => RemovalReason::Deleted,
        },
    }
}

/// Announces the result of processing one of the reader's uploads.
pub(crate) fn media_told(media: &Media) -> ServerFrame {
    ServerFrame::Media {
        media: super::messages::media(media.clone()),
    }
}

/// Announces a message that the reader is to be notified of.
pub(crate) const fn notification(
    room: RoomId,
    message: MessageId,
    kind: NotificationKind,
) -> ServerFrame {
    ServerFrame::Notification {
        room_id: room.as_uuid(),
        message_id: message.as_uuid(),
        kind: match kind {
            NotificationKind::Mention => Kind::Mention,
            NotificationKind::Direct => Kind::Direct,
            NotificationKind::Reply => Kind::Reply,
        },
    }
}
