//! The lines of an export.

use domain::{
    Device, Media, MediaStatus, Membership, Message, Notifications, Role, Room, RoomKind, Session,
    User,
};
use serde_json::{Map, Value, json};

use crate::command::moment::moment;

pub(super) fn account(user: &User) -> Value {
    json!({
        "type": "account",
        "id": user.id.to_string(),
        "username": user.username.as_str(),
        "displayName": user.display_name.as_str(),
        "email": user.email.as_ref().map(domain::Email::as_str),
        "bio": user.bio.as_ref().map(domain::Bio::as_str),
        "avatarMediaId": user.avatar.map(|id| id.to_string()),
        "createdAt": moment(user.created_at),
        "lastSeenAt": user.last_seen_at.map(moment),
        "erasedAt": user.erased_at.map(moment),
    })
}

pub(super) fn profile(document: &Map<String, Value>) -> Value {
    json!({ "type": "profile", "document": document })
}

pub(super) fn session(session: &Session) -> Value {
    json!({
        "type": "session",
        "id": session.id.to_string(),
        "createdAt": moment(session.created_at),
        "lastUsedAt": moment(session.last_used_at),
        "expiresAt": moment(session.expires_at),
        "ip": session.origin.ip.map(|ip| ip.to_string()),
        "userAgent": session.origin.user_agent.as_str(),
    })
}

/// A device that receives push notifications. The rest of its endpoint and its keys are left out:
/// whoever had them could send it notifications as well.
pub(super) fn push(device: &Device) -> Value {
    let subscription = &device.subscription;
    json!({
        "type": "push",
        "sessionId": device.session.to_string(),
        "service": subscription.endpoint.service(),
        "expiresAt": subscription.expires_at.map(moment),
    })
}

/// A user whom they have blocked.
pub(super) fn block(user: &User) -> Value {
    json!({
        "type": "block",
        "userId": user.id.to_string(),
        "username": user.username.as_str(),
    })
}

pub(super) fn upload(media: &Media) -> Value {
    json!({
        "type": "upload",
        "id": media.id.to_string(),
        "roomId": media.room.map(|id| id.to_string()),
        "fileName": media.file_name.as_str(),
        "contentType": media.content_type,
        "size": media.size,
        "status": match media.status {
            MediaStatus::Processing => "processing",
            MediaStatus::Ready => "ready",
            MediaStatus::Rejected => "rejected",
        },
        "createdAt": moment(media.created_at),
    })
}

pub(super) fn membership(room: &Room, membership: &Membership) -> Value {
    let muted = match membership.notifications {
        Notifications::On => None,
        Notifications::Muted { until } => Some(until.map(moment)),
    };
    json!({
        "type": "membership",
        "roomId": room.id.to_string(),
        "roomName": room.name.as_ref().map(domain::RoomName::as_str),
        "roomKind": match room.kind {
            RoomKind::Public => "public",
            RoomKind::Private => "private",
            RoomKind::Direct(_) => "direct",
        },
        "role": match membership.role {
            Role::Member => "member",
            Role::Admin => "admin",
            Role::Owner => "owner",
        },
        "joinedAt": moment(membership.joined_at),
        "leftAt": membership.left_at.map(moment),
        "readSeq": membership.cursors.read.get(),
        "deliveredSeq": membership.cursors.delivered.get(),
        "silencedUntil": membership.silenced_until.map(moment),
        "muted": muted.is_some(),
        "mutedUntil": muted.flatten(),
    })
}

/// A message of theirs. A deleted one has no text.
pub(super) fn message(message: &Message) -> Value {
    let ids = |ids: Vec<String>| Value::from(ids);
    let attached = message.attachments.iter().map(|media| media.id.to_string());
    json!({
        "type": "message",
        "id": message.id.to_string(),
        "roomId": message.room.to_string(),
        "seq": message.seq.get(),
        "content": message.body.as_ref().map(domain::MessageBody::as_str),
        "replyTo": message.reply_to.map(|id| id.to_string()),
        "mentions": ids(message.mentions.iter().map(ToString::to_string).collect()),
        "attachments": ids(attached.collect()),
        "createdAt": moment(message.created_at),
        "editedAt": message.edited_at.map(moment),
        "deletedAt": message.deleted_at.map(moment),
    })
}

/// A reaction of theirs to a message of anybody's.
pub(super) fn reaction(message: &Message, emoji: &str) -> Value {
    json!({
        "type": "reaction",
        "roomId": message.room.to_string(),
        "messageId": message.id.to_string(),
        "seq": message.seq.get(),
        "emoji": emoji,
    })
}
