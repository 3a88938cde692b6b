//! Webhooks and their deliveries.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Member, Message, Room};
use crate::word::words;
use crate::{Secret, Timestamp};

words! {
    /// A topic that a webhook can receive, or a family of topics.
    pub enum WebhookTopic {
        /// Everything about messages.
        AllOfMessages = "message.*",
        /// A message was posted.
        MessageCreated = "message.created",
        /// A message's text changed.
        MessageEdited = "message.edited",
        /// A message was deleted.
        MessageDeleted = "message.deleted",
        /// Everything about members.
        AllOfMembers = "member.*",
        /// A user joined.
        MemberJoined = "member.joined",
        /// A user left or was removed.
        MemberLeft = "member.left",
        /// Everything about rooms.
        AllOfRooms = "room.*",
        /// A room was created.
        RoomCreated = "room.created",
        /// A room's properties changed.
        RoomUpdated = "room.updated",
        /// A room was deleted.
        RoomDeleted = "room.deleted",
    }
}

words! {
    /// The state of a webhook delivery.
    pub enum DeliveryState {
        /// It is still to be delivered.
        Pending = "pending",
        /// The receiver has accepted it.
        Delivered = "delivered",
        /// All attempts were used up.
        Dead = "dead",
        /// There was nothing left to deliver: the message had been deleted.
        Dropped = "dropped",
    }
}

/// An external system that is notified of events.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Webhook {
    /// The webhook's id.
    pub id: Uuid,
    /// Its URL.
    pub url: String,
    /// The topics that it receives.
    pub events: Vec<WebhookTopic>,
    /// The only room whose events it receives; null for all rooms.
    pub room_id: Option<Uuid>,
    /// Whether it receives anything.
    pub enabled: bool,
    /// When it was created.
    pub created_at: Timestamp,
    /// Since when every delivery has failed; null while the last one succeeded.
    pub failing_since: Option<Timestamp>,
    /// The key that its deliveries are signed with. Shown only once, when the webhook is created.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secret: Option<Secret>,
}

/// All webhooks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Webhooks {
    /// The webhooks, oldest first.
    pub webhooks: Vec<Webhook>,
}

/// One call to a webhook.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct WebhookAttempt {
    /// When it was made.
    pub at: Timestamp,
    /// The HTTP status of the response; null if there was none.
    pub status: Option<u16>,
    /// Why it failed; null if it succeeded.
    pub error: Option<String>,
}

/// The delivery of one event to one webhook.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct WebhookDelivery {
    /// The event's id, which identifies the delivery too. The receiver gets it as `webhook-id`.
    pub id: Uuid,
    /// What happened: a topic, or `ping`.
    pub r#type: String,
    /// The room that it happened in, if any.
    pub room_id: Option<Uuid>,
    /// When it happened.
    pub created_at: Timestamp,
    /// Its state.
    pub state: DeliveryState,
    /// How many attempts were made since it was enqueued or last replayed.
    pub attempts: u32,
    /// When the next attempt is due, while it is pending.
    pub next_attempt_at: Option<Timestamp>,
    /// The last attempt.
    pub last_attempt: Option<WebhookAttempt>,
}

/// A page of a webhook's log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct WebhookDeliveries {
    /// The deliveries on this page, newest first.
    pub deliveries: Vec<WebhookDelivery>,
    /// The cursor of the next page; null on the last one.
    pub next_cursor: Option<Uuid>,
}

/// The payload of a webhook. It shows its subject in the state at delivery time, without anything that
/// depends on the reader.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct WebhookEvent {
    /// What happened: a topic, or `ping`.
    pub r#type: String,
    /// The event's id, by which a receiver recognises a duplicate.
    pub id: Uuid,
    /// When it happened.
    pub created_at: Timestamp,
    /// The room that it happened in, if any.
    pub room_id: Option<Uuid>,
    /// The message, for `message.*`; for a deleted one, its tombstone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<Message>,
    /// The member, for `member.*`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub member: Option<Member>,
    /// The room, for `room.created` and `room.updated`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub room: Option<Room>,
}
