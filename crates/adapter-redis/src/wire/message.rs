//! Messages.

use domain::{ClientId, Emoji, MessageBody, MessageId, RoomId, Timestamp, UserId};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::media::Media;
use super::unreadable::{Unreadable, moment, parsed, parsed_if_any, rev, seq};

#[derive(Serialize, Deserialize)]
pub(crate) struct Message {
    id: Uuid,
    room: Uuid,
    seq: i64,
    rev: i64,
    sender: Uuid,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    body: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    client_id: Option<Uuid>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reply_to: Option<Uuid>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    thread: Option<Uuid>,
    reply_count: i64,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    attachments: Vec<Media>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    mentions: Vec<Uuid>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    reactions: Vec<Reaction>,
    created_at: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    edited_at: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    deleted_at: Option<i64>,
    pinned: bool,
}

#[derive(Serialize, Deserialize)]
struct Reaction {
    emoji: String,
    count: i64,
    mine: bool,
}

impl From<&domain::Message> for Message {
    fn from(message: &domain::Message) -> Self {
        Self {
            id: message.id.as_uuid(),
            room: message.room.as_uuid(),
            seq: message.seq.get(),
            rev: message.rev.get(),
            sender: message.sender.as_uuid(),
            body: message.body.as_ref().map(|body| body.as_str().to_owned()),
            client_id: message.client_id.map(ClientId::as_uuid),
            reply_to: message.reply_to.map(MessageId::as_uuid),
            thread: message.thread.map(MessageId::as_uuid),
            reply_count: message.reply_count,
            attachments: message.attachments.iter().map(Media::from).collect(),
            mentions: message.mentions.iter().map(|user| user.as_uuid()).collect(),
            reactions: message.reactions.iter().map(Reaction::from).collect(),
            created_at: message.created_at.as_millis(),
            edited_at: message.edited_at.map(Timestamp::as_millis),
            deleted_at: message.deleted_at.map(Timestamp::as_millis),
            pinned: message.pinned,
        }
    }
}

impl TryFrom<Message> for domain::Message {
    type Error = Unreadable;

    fn try_from(message: Message) -> Result<Self, Unreadable> {
        let attachments = message.attachments.into_iter().map(TryInto::try_into);
        let reactions = message.reactions.into_iter().map(TryInto::try_into);
        Ok(Self {
            id: MessageId::from_uuid(message.id),
            room: RoomId::from_uuid(message.room),
            seq: seq(message.seq)?,
            rev: rev(message.rev)?,
            sender: UserId::from_uuid(message.sender),
            body: parsed_if_any("a message", message.body, MessageBody::parse)?,
            client_id: message.client_id.map(ClientId::from_uuid),
            reply_to: message.reply_to.map(MessageId::from_uuid),
            thread: message.thread.map(MessageId::from_uuid),
            reply_count: message.reply_count,
            attachments: attachments.collect::<Result<_, _>>()?,
            mentions: message
                .mentions
                .into_iter()
                .map(UserId::from_uuid)
                .collect(),
            reactions: reactions.collect::<Result<_, _>>()?,
            created_at: Timestamp::from_millis(message.created_at),
            edited_at: moment(message.edited_at),
            deleted_at: moment(message.deleted_at),
            pinned: message.pinned,
        })
    }
}

impl From<&domain::Reaction> for Reaction {
    fn from(reaction: &domain::Reaction) -> Self {
        Self {
            emoji: reaction.emoji.as_str().to_owned(),
            count: reaction.count,
            mine: reaction.mine,
        }
    }
}

impl TryFrom<Reaction> for domain::Reaction {
    type Error = Unreadable;

    fn try_from(reaction: Reaction) -> Result<Self, Unreadable> {
        Ok(Self {
            emoji: parsed("an emoji", Emoji::parse(reaction.emoji))?,
            count: reaction.count,
            mine: reaction.mine,
        })
    }
}
