//! Other systems that are told what happens.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Member, Message, Room};
use crate::word::words;
use crate::{Secret, Timestamp};

words! {
    /// What a webhook is told: a kind, or a family of them.
    pub enum WebhookTopic {
        /// All of messages.
        AllOfMessages = "message.*",
        /// A message was posted.
        MessageCreated = "message.created",
        /// A message's text changed.
        MessageEdited = "message.edited",
        /// A message was deleted.
        MessageDeleted = "message.deleted",
        /// All of members.
        AllOfMembers = "member.*",
        /// Somebody joined.
        MemberJoined = "member.joined",
        /// Somebody left or was removed.
        MemberLeft = "member.left",
        /// All of rooms.
        AllOfRooms = "room.*",
        /// A room was made.
        RoomCreated = "room.created",
        /// A room's properties changed.
        RoomUpdated = "room.updated",
        /// A room was deleted.
        RoomDeleted = "room.deleted",
    }
}

words! {
    /// How far telling a webhook of an event has come.
    pub enum DeliveryState {
        /// It will be tried.
        Pending = "pending",
        /// The other side has taken it.
        Delivered = "delivered",
        /// It was tried as often as may be.
        Dead = "dead",
        /// There was nothing left to tell: the message had been deleted.
        Dropped = "dropped",
    }
}

/// Another system that is told what happens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Webhook {
    /// Names it.
    pub id: Uuid,
    /// Where it is.
    pub url: String,
    /// What it is told.
    pub events: Vec<WebhookTopic>,
    /// Of which room only; null for all.
    pub room_id: Option<Uuid>,
    /// Whether it is told anything.
    pub enabled: bool,
    /// When it was made.
    pub created_at: Timestamp,
    /// Since when no call has succeeded; null while the last one did.
    pub failing_since: Option<Timestamp>,
    /// What its calls are signed with. It is told once, when the webhook is made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secret: Option<Secret>,
}

/// All webhooks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Webhooks {
    /// The oldest first.
    pub webhooks: Vec<Webhook>,
}

/// A call of a webhook.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct WebhookAttempt {
    /// When it was made.
    pub at: Timestamp,
    /// The HTTP status that the other side answered; null, if nobody did.
    pub status: Option<u16>,
    /// Why it did not succeed; null, if it did.
    pub error: Option<String>,
}

/// What became of telling a webhook of an event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct WebhookDelivery {
    /// Names the event, and so the delivery. The other side gets it as `webhook-id`.
    pub id: Uuid,
    /// What happened: a topic, or `ping`.
    pub r#type: String,
    /// In which room, if in any.
    pub room_id: Option<Uuid>,
    /// When it happened.
    pub created_at: Timestamp,
    /// How far it has come.
    pub state: DeliveryState,
    /// How often it was tried, since it was last begun.
    pub attempts: u32,
    /// When it is tried next, while it is pending.
    pub next_attempt_at: Option<Timestamp>,
    /// The last call.
    pub last_attempt: Option<WebhookAttempt>,
}

/// A stretch of a webhook's log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct WebhookDeliveries {
    /// The newest first.
    pub deliveries: Vec<WebhookDelivery>,
    /// Where to go on; null at the end.
    pub next_cursor: Option<Uuid>,
}

/// What a webhook is told. What happened to is shown as it is when it is told, without what is one
/// reader's own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct WebhookEvent {
    /// What happened: a topic, or `ping`.
    pub r#type: String,
    /// Names the event. Whoever hears of it twice knows it by this.
    pub id: Uuid,
    /// When it happened.
    pub created_at: Timestamp,
    /// In which room, if in any.
    pub room_id: Option<Uuid>,
    /// The message, with `message.*`; of a deleted one its tombstone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<Message>,
    /// The member, with `member.*`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub member: Option<Member>,
    /// The room, with `room.created` and `room.updated`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub room: Option<Room>,
}
