//! People.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::Timestamp;
use crate::word::words;

words! {
    /// Whether someone is there.
    pub enum Presence {
        /// A connection of theirs is open.
        Online = "online",
        /// None is, or the reader may not know.
        Offline = "offline",
    }
}

/// A person, as the reader may see them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct User {
    /// Names the person.
    pub id: Uuid,
    /// The unique name.
    pub username: String,
    /// The name that people read.
    pub display_name: String,
    /// Where their picture is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub avatar_url: Option<String>,
    /// What they say about themselves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bio: Option<String>,
    /// Since when they have an account.
    pub created_at: Timestamp,
    /// Whether they are there.
    pub status: Presence,
    /// When they were last there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_seen_at: Option<Timestamp>,
    /// Where mail reaches them; told to nobody but themselves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// What else they keep about themselves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile: Option<Map<String, Value>>,
}

/// A person by name only.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct NamedUser {
    /// Names the person.
    pub id: Uuid,
    /// The unique name.
    pub username: String,
    /// The name that people read.
    pub display_name: String,
    /// Where their picture is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub avatar_url: Option<String>,
}
