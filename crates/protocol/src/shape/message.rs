//! Messages, and what belongs to them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::NamedUser;
use crate::Timestamp;
use crate::word::words;

words! {
    /// How far a message has come with all its readers.
    pub enum MessageStatus {
        /// It is stored.
        Sent = "sent",
        /// It has reached a device of each of the others.
        Delivered = "delivered",
        /// Each of the others has read it.
        Read = "read",
    }
}

/// A message in its present state.
///
/// A deleted one is a tombstone: its content is null, its lists are empty and `deletedAt` is set. It
/// keeps its seq, so that pages have no holes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Message {
    /// Names the message.
    pub id: Uuid,
    /// Where it was posted.
    pub room_id: Uuid,
    /// Its place there.
    pub seq: i64,
    /// The rev of the last change to it.
    pub rev: i64,
    /// Who posted it.
    pub sender_id: Uuid,
    /// Who that is, by name.
    pub sender: NamedUser,
    /// What it says.
    pub content: Option<String>,
    /// The sender's own name of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_id: Option<Uuid>,
    /// The message that it answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply_to: Option<Uuid>,
    /// How many messages its thread has.
    pub reply_count: i64,
    /// What hangs on it.
    pub attachments: Vec<Media>,
    /// The members whom it mentions.
    pub mentions: Vec<Uuid>,
    /// How people reacted, the first emoji used first.
    pub reactions: Vec<Reaction>,
    /// How far it has come; told to its sender, in rooms of few.
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
    /// Whether it is kept at hand for everybody.
    pub pinned: bool,
}

/// One emoji under a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Reaction {
    /// Which.
    pub emoji: String,
    /// How many people gave it.
    pub count: i64,
    /// Whether the reader is one of them; missing where an answer goes to many readers at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mine: Option<bool>,
}

words! {
    /// How far an upload has come.
    pub enum MediaStatus {
        /// Its bytes are stored and not looked at yet.
        Processing = "processing",
        /// It can be shown.
        Ready = "ready",
        /// It will never be shown.
        Rejected = "rejected",
    }
}

/// An uploaded file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Media {
    /// Names the file.
    pub id: Uuid,
    /// For which room it was uploaded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub room_id: Option<Uuid>,
    /// Who uploaded it.
    pub owner_id: Uuid,
    /// What it is called.
    pub file_name: String,
    /// What its bytes are.
    pub content_type: String,
    /// How many they are.
    pub size: i64,
    /// How wide it is in pixels, if it is an image.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub width: Option<i32>,
    /// How high it is in pixels, if it is an image.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub height: Option<i32>,
    /// How far it has come.
    pub status: MediaStatus,
    /// Where it is.
    pub url: String,
    /// Where a small picture of it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub thumbnail_url: Option<String>,
}

/// How far a member has come in a room.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Cursors {
    /// How far they have read.
    pub read_seq: i64,
    /// How far messages have reached a device of theirs.
    pub delivered_seq: i64,
}

/// Whom a message has reached, its sender aside.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Receipts {
    /// A device of these has it.
    pub delivered_to: Vec<Receipt>,
    /// These have read it.
    pub read_by: Vec<Receipt>,
}

/// Someone whom a message has reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Receipt {
    /// Who.
    pub user_id: Uuid,
}

/// A message that was searched for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SearchHit {
    /// The message.
    pub message: Message,
    /// The piece of it with the words.
    pub snippet: Snippet,
}

/// A piece of a message, in plain text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Snippet {
    /// The piece.
    pub text: String,
    /// Where the words are in it: start and end, counted in Unicode scalar values.
    pub highlights: Vec<[usize; 2]>,
}
