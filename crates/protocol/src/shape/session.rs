//! Sessions and their tokens.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::User;
use crate::{Secret, Timestamp};

/// A signed-in device.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Session {
    /// The session's id.
    pub id: Uuid,
    /// When the user signed in.
    pub created_at: Timestamp,
    /// When it was last renewed.
    pub last_used_at: Timestamp,
    /// When it expires unless it is renewed.
    pub expires_at: Timestamp,
    /// The IP address that it was last used from, if known.
    pub ip: Option<String>,
    /// The device's `User-Agent`.
    pub user_agent: String,
    /// Whether it is the session of this request.
    pub current: bool,
}

/// The caller's sessions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Sessions {
    /// All live sessions.
    pub sessions: Vec<Session>,
}

/// The result of a successful authentication.
///
/// The access token is on the wire three times, as `token`, `accessToken` and `access_token`, since
/// existing clients know it by each of these names.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(into = "Wire", from = "Wire")]
pub struct Tokens {
    /// The user who is signed in.
    pub user: User,
    /// The token to send with every request.
    pub access_token: Secret,
    /// When the access token expires.
    pub token_expires_at: Timestamp,
    /// The token to get the next access token with; missing if it was set as a cookie.
    pub refresh_token: Option<Secret>,
    /// When the refresh token expires.
    pub refresh_expires_at: Timestamp,
    /// The session of both tokens.
    pub session_id: Uuid,
}

/// The result of a successful authentication. The access token is included under each of the names that
/// existing clients know it by.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "Tokens")]
struct Wire {
    /// The user who is signed in.
    user: User,
    /// The same as `accessToken`.
    token: Secret,
    /// The token to send with every request: a JWT.
    access_token: Secret,
    /// The same as `accessToken`.
    #[serde(rename = "access_token")]
    snake_token: Secret,
    /// When the access token expires.
    token_expires_at: Timestamp,
    /// The token to get the next access token with; missing if it was set as a cookie.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    refresh_token: Option<Secret>,
    /// When the refresh token expires.
    refresh_expires_at: Timestamp,
    /// The session of both tokens.
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
