//! Members, invites and bans.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{NamedUser, User};
use crate::Timestamp;
use crate::word::words;

words! {
    /// A member's role.
    pub enum Role {
        /// May do everything.
        Owner = "owner",
        /// Moderates the room.
        Admin = "admin",
        /// Reads and writes.
        Member = "member",
    }
}

/// A current or former member of a room.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Member {
    /// The user.
    pub user: User,
    /// Their role.
    pub role: Role,
    /// When they joined.
    pub joined_at: Timestamp,
    /// When they left; missing for a current member.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub left_at: Option<Timestamp>,
    /// The rev of the last change to the membership.
    pub rev: i64,
    /// The seq of the last message that they have read.
    pub read_seq: i64,
    /// The seq of the last message that has reached one of their devices.
    pub delivered_seq: i64,
}

/// An invite to a private room.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Invite {
    /// The secret code.
    pub code: String,
    /// The link to share.
    pub url: String,
    /// When it expires.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Timestamp>,
    /// How often it can be used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_uses: Option<i64>,
    /// How often it has been used.
    pub uses: i64,
}

/// The invites of a room.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Invites {
    /// Those that were not revoked.
    pub invites: Vec<Invite>,
}

/// What an invite is for, as shown to users who may not be signed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct InvitePreview {
    /// The secret code.
    pub code: String,
    /// The room that it is for.
    pub room: InvitedRoom,
    /// Who created it.
    pub invited_by: NamedUser,
    /// When it expires.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Timestamp>,
}

/// A room as users with an invite see it before joining.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct InvitedRoom {
    /// The room's id.
    pub id: Uuid,
    /// Its name.
    pub name: Option<String>,
    /// What the room is for.
    pub description: Option<String>,
    /// How many members it has.
    pub member_count: i64,
}

/// A banned user.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Ban {
    /// The user.
    pub user: User,
    /// When they were banned.
    pub at: Timestamp,
    /// The user who banned them.
    pub by: Uuid,
}

/// The users who are banned from a room.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Bans {
    /// All of the room's bans.
    pub bans: Vec<Ban>,
}
