//! Users.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::Timestamp;
use crate::word::words;

words! {
    /// Whether a user is online.
    pub enum Presence {
        /// They have at least one open connection.
        Online = "online",
        /// They have none, or the reader may not know.
        Offline = "offline",
    }
}

/// A user, as far as the reader may see them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct User {
    /// The user's id.
    pub id: Uuid,
    /// The unique name.
    pub username: String,
    /// The name that other users see.
    pub display_name: String,
    /// The URL of their picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub avatar_url: Option<String>,
    /// What they say about themselves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bio: Option<String>,
    /// When they registered.
    pub created_at: Timestamp,
    /// Whether they are online.
    pub status: Presence,
    /// When they were last online.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_seen_at: Option<Timestamp>,
    /// Their e-mail address; shown only to themselves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Their free-form profile document.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile: Option<Map<String, Value>>,
}

/// A user, with names only.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct NamedUser {
    /// The user's id.
    pub id: Uuid,
    /// The unique name.
    pub username: String,
    /// The name that other users see.
    pub display_name: String,
    /// The URL of their picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub avatar_url: Option<String>,
}
