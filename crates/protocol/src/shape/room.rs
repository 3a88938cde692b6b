//! Rooms.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Message, Role, User};
use crate::Timestamp;
use crate::word::words;

words! {
    /// Who may join a room.
    pub enum RoomKind {
        /// Everyone may join.
        Public = "public",
        /// Joining requires an invite.
        Private = "private",
        /// Exactly two users, and nobody else.
        Direct = "direct",
    }
}

words! {
    /// What members may read from before they joined.
    pub enum History {
        /// Everything.
        All = "all",
        /// Nothing.
        Joined = "joined",
    }
}

/// A room, as far as the reader may see it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Room {
    /// The room's id.
    pub id: Uuid,
    /// Its name; null for a direct room.
    pub name: Option<String>,
    /// What the room is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Who may join it.
    pub kind: RoomKind,
    /// Whether it is private or direct.
    pub is_private: bool,
    /// Its owner; a direct room has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner_id: Option<Uuid>,
    /// How many members it has.
    pub member_count: i64,
    /// When it was created.
    pub created_at: Timestamp,
    /// When its own properties last changed.
    pub updated_at: Timestamp,
    /// The rev of the last change to the room itself.
    pub rev: i64,
    /// The seq of its last message.
    pub last_seq: i64,
    /// The rev of the last change to anything in it.
    pub last_rev: i64,
    /// What members may read from before they joined.
    pub history: History,
    /// Its members, in direct rooms and small groups.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub participants: Option<Vec<User>>,
    /// The standing invite of a private room, for members who may share it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invite_code: Option<String>,
    /// The link of that invite.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invite_url: Option<String>,
    /// The reader's own membership.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub membership: Option<Standing>,
    /// The last message that the reader may read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_message: Option<Message>,
}

/// The reader's own membership of a room.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Standing {
    /// Their role.
    pub role: Role,
    /// When they joined.
    pub joined_at: Timestamp,
    /// They may read only messages after this seq.
    pub from_seq: i64,
    /// The seq of the last message that they have read.
    pub read_seq: i64,
    /// The seq of the last message that has reached one of their devices.
    pub delivered_seq: i64,
    /// How many messages they have not read.
    pub unread: i64,
    /// How many of those mention them.
    pub mentions: i64,
    /// Whether they have muted notifications from this room.
    pub muted: bool,
    /// Until when they may not write, or until when notifications are muted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub muted_until: Option<Timestamp>,
}
