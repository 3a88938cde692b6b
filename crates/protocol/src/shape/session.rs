//! Signed-in devices, and what they prove themselves with.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::User;
use crate::{Secret, Timestamp};

/// A signed-in device.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Session {
    /// Names the session.
    pub id: Uuid,
    /// When it began.
    pub created_at: Timestamp,
    /// When it was last renewed.
    pub last_used_at: Timestamp,
    /// When it ends unless it is renewed.
    pub expires_at: Timestamp,
    /// From where it was last used, where that is known.
    pub ip: Option<String>,
    /// What the device says it is.
    pub user_agent: String,
    /// Whether it is the one that asks.
    pub current: bool,
}

/// The caller's sessions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Sessions {
    /// All that have not ended.
    pub sessions: Vec<Session>,
}

/// What somebody gets who has proved who they are.
///
/// The access token is on the wire three times, as `token`, `accessToken` and `access_token`, since
/// clients know it by each of these names.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(into = "Wire", from = "Wire")]
pub struct Tokens {
    /// Who.
    pub user: User,
    /// What to show with every request.
    pub access_token: Secret,
    /// Until when it serves.
    pub token_expires_at: Timestamp,
    /// What to exchange for the next one; missing when it went into a cookie.
    pub refresh_token: Option<Secret>,
    /// Until when that serves.
    pub refresh_expires_at: Timestamp,
    /// The session that both belong to.
    pub session_id: Uuid,
}

/// What somebody gets who has proved who they are. The access token is there under each of the names
/// that clients know it by.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "Tokens")]
struct Wire {
    /// Who.
    user: User,
    /// The same as `accessToken`.
    token: Secret,
    /// What to show with every request: a JWT.
    access_token: Secret,
    /// The same as `accessToken`.
    #[serde(rename = "access_token")]
    snake_token: Secret,
    /// Until when it serves.
    token_expires_at: Timestamp,
    /// What to exchange for the next one; missing when it went into a cookie.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    refresh_token: Option<Secret>,
    /// Until when that serves.
    refresh_expires_at: Timestamp,
    /// The session that both belong to.
    session_id: Uuid,
}

impl From<Tokens> for Wire {
    fn from(tokens: Tokens) -> Self {
        Self {
            user: tokens.user,
            token: tokens.access_token.clone(),
            access_token: tokens.access_token.clone(),
            snake_token: tokens.access_token,
            token_expires_at: tokens.token_expires_at,
            refresh_token: tokens.refresh_token,
            refresh_expires_at: tokens.refresh_expires_at,
            session_id: tokens.session_id,
        }
    }
}

impl From<Wire> for Tokens {
    fn from(wire: Wire) -> Self {
        Self {
            user: wire.user,
            access_token: wire.access_token,
            token_expires_at: wire.token_expires_at,
            refresh_token: wire.refresh_token,
            refresh_expires_at: wire.refresh_expires_at,
            session_id: wire.session_id,
        }
    }
}
