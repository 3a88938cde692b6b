//! Rooms.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Message, Role, User};
use crate::Timestamp;
use crate::word::words;

words! {
    /// Who may be in a room.
    pub enum RoomKind {
        /// Everybody may join.
        Public = "public",
        /// Those may join who were invited.
        Private = "private",
        /// Two people and nobody else.
        Direct = "direct",
    }
}

words! {
    /// What members read of the time before they joined.
    pub enum History {
        /// All of it.
        All = "all",
        /// None of it.
        Joined = "joined",
    }
}

/// A room, as the reader may see it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Room {
    /// Names the room.
    pub id: Uuid,
    /// What it is called; null for a direct one.
    pub name: Option<String>,
    /// What it is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Who may be in it.
    pub kind: RoomKind,
    /// Whether it is anything but public.
    pub is_private: bool,
    /// Whose it is; a direct one is nobody's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner_id: Option<Uuid>,
    /// How many are in it.
    pub member_count: i64,
    /// Since when it is there.
    pub created_at: Timestamp,
    /// When it last changed itself.
    pub updated_at: Timestamp,
    /// The rev of the last change to the room itself.
    pub rev: i64,
    /// The seq of its last message.
    pub last_seq: i64,
    /// The rev of the last change in it.
    pub last_rev: i64,
    /// What members read of the time before they joined.
    pub history: History,
    /// Who is in it: in direct rooms and groups of few.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub participants: Option<Vec<User>>,
    /// A standing invite: of private rooms, for those who may hand it out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invite_code: Option<String>,
    /// Where that invite leads.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invite_url: Option<String>,
    /// The reader's own place in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub membership: Option<Standing>,
    /// The last message that the reader may read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_message: Option<Message>,
}

/// The reader's own place in a room.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Standing {
    /// What they may do.
    pub role: Role,
    /// Since when they are in it.
    pub joined_at: Timestamp,
    /// They read nothing at or before this seq.
    pub from_seq: i64,
    /// How far they have read.
    pub read_seq: i64,
    /// How far messages have reached a device of theirs.
    pub delivered_seq: i64,
    /// How many messages are unread.
    pub unread: i64,
    /// How many of them mention the reader.
    pub mentions: i64,
    /// Whether they want no notifications from here now.
    pub muted: bool,
    /// Until when they may not write, or want no notifications.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub muted_until: Option<Timestamp>,
}
