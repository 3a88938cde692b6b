//! Members, invites and bans.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{NamedUser, User};
use crate::Timestamp;
use crate::word::words;

words! {
    /// What a member may do.
    pub enum Role {
        /// Everything.
        Owner = "owner",
        /// Keep order.
        Admin = "admin",
        /// Take part.
        Member = "member",
    }
}

/// A member of a room, or someone who was one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Member {
    /// Who.
    pub user: User,
    /// What they may do.
    pub role: Role,
    /// Since when.
    pub joined_at: Timestamp,
    /// Until when, if they left.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub left_at: Option<Timestamp>,
    /// The rev of the last change to the membership.
    pub rev: i64,
    /// How far they have read.
    pub read_seq: i64,
    /// How far messages have reached a device of theirs.
    pub delivered_seq: i64,
}

/// An invite into a private room.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Invite {
    /// The secret in it.
    pub code: String,
    /// Where it leads.
    pub url: String,
    /// When it ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Timestamp>,
    /// After how many uses it ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_uses: Option<i64>,
    /// How often it was used.
    pub uses: i64,
}

/// The invites of a room.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Invites {
    /// Those that were not revoked.
    pub invites: Vec<Invite>,
}

/// What an invite leads to, for someone who may not be signed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct InvitePreview {
    /// The secret in it.
    pub code: String,
    /// The room that it opens.
    pub room: InvitedRoom,
    /// Who made it.
    pub invited_by: NamedUser,
    /// When it ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Timestamp>,
}

/// A room as strangers with an invite see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct InvitedRoom {
    /// Names the room.
    pub id: Uuid,
    /// What it is called.
    pub name: Option<String>,
    /// What it is for.
    pub description: Option<String>,
    /// How many are in it.
    pub member_count: i64,
}

/// Someone who is shut out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Ban {
    /// Who.
    pub user: User,
    /// Since when.
    pub at: Timestamp,
    /// By whom.
    pub by: Uuid,
}

/// Those who are shut out of a room.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Bans {
    /// All of them.
    pub bans: Vec<Ban>,
}
