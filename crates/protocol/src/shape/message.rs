//! Messages and their parts.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::NamedUser;
use crate::Timestamp;
use crate::word::words;

words! {
    /// How far a message has reached its recipients.
    pub enum MessageStatus {
        /// It is stored.
        Sent = "sent",
        /// It has reached at least one device of every recipient.
        Delivered = "delivered",
        /// Every recipient has read it.
        Read = "read",
    }
}

/// A message in its present state.
///
/// A deleted one is a tombstone: its content is null, its lists are empty and `deletedAt` is set. It
/// keeps its seq, so that pages have no gaps.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Message {
    /// The message's id.
    pub id: Uuid,
    /// The room that it was posted in.
    pub room_id: Uuid,
    /// Its sequence number in the room.
    pub seq: i64,
    /// The rev of the last change to it.
    pub rev: i64,
    /// Who posted it.
    pub sender_id: Uuid,
    /// The sender's names.
    pub sender: NamedUser,
    /// Its text; null if it was deleted.
    pub content: Option<String>,
    /// The id that the sender's client chose for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_id: Option<Uuid>,
    /// The message that it replies to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply_to: Option<Uuid>,
    /// How many replies its thread has.
    pub reply_count: i64,
    /// Its attachments.
    pub attachments: Vec<Media>,
    /// The members that it mentions.
    pub mentions: Vec<Uuid>,
    /// Its reactions, the emoji used first coming first.
    pub reactions: Vec<Reaction>,
    /// How far it has reached its recipients; only shown to its sender, and only in small rooms.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<MessageStatus>,
    /// When it was posted.
    pub created_at: Timestamp,
    /// When its text last changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edited_at: Option<Timestamp>,
    /// When it was deleted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deleted_at: Option<Timestamp>,
    /// Whether it is pinned.
    pub pinned: bool,
}

/// All reactions to a message with the same emoji.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Reaction {
    /// The emoji.
    pub emoji: String,
    /// How many users reacted with it.
    pub count: i64,
    /// Whether the reader is one of them; missing where many readers receive the same data.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mine: Option<bool>,
}

words! {
    /// How far an upload has been processed.
    pub enum MediaStatus {
        /// It is stored, but not inspected yet.
        Processing = "processing",
        /// It can be shown.
        Ready = "ready",
        /// It was rejected and will never be shown.
        Rejected = "rejected",
    }
}

/// An uploaded file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Media {
    /// The file's id.
    pub id: Uuid,
    /// The room that it was uploaded for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub room_id: Option<Uuid>,
    /// Who uploaded it.
    pub owner_id: Uuid,
    /// Its name.
    pub file_name: String,
    /// Its media type, as detected from its bytes.
    pub content_type: String,
    /// Its size in bytes.
    pub size: i64,
    /// Its width in pixels, if it is an image.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub width: Option<i32>,
    /// Its height in pixels, if it is an image.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub height: Option<i32>,
    /// How far it has been processed.
    pub status: MediaStatus,
    /// The URL of the file.
    pub url: String,
    /// The URL of a small picture of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub thumbnail_url: Option<String>,
}

/// How far a member has read in a room.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Cursors {
    /// The seq of the last message that they have read.
    pub read_seq: i64,
    /// The seq of the last message that has reached one of their devices.
    pub delivered_seq: i64,
}

/// Who has received and read a message, apart from its sender.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Receipts {
    /// The users on whose devices it has arrived.
    pub delivered_to: Vec<Receipt>,
    /// The users who have read it.
    pub read_by: Vec<Receipt>,
}

/// A user who has received or read a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Receipt {
    /// The user.
    pub user_id: Uuid,
}

/// A search result.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SearchHit {
    /// The message.
    pub message: Message,
    /// An excerpt of it with the words that were searched for.
    pub snippet: Snippet,
}

/// An excerpt of a message, as plain text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Snippet {
    /// The excerpt.
    pub text: String,
    /// The positions of the words in it: start and end, counted in Unicode scalar values.
    pub highlights: Vec<[usize; 2]>,
}
