//! Signed-in devices.

use std::net::IpAddr;

use crate::{SessionId, Timestamp, UserAgent, UserId};

/// Where a session was last used from, as its owner is shown it.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct SessionOrigin {
    /// The client's address.
    pub ip: Option<IpAddr>,
    /// What the client says it is.
    pub user_agent: UserAgent,
}

/// One signed-in device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Names the session.
    pub id: SessionId,
    /// Whose it is.
    pub user: UserId,
    /// When they signed in.
    pub created_at: Timestamp,
    /// When its tokens were last renewed.
    pub last_used_at: Timestamp,
    /// When it ends unless it is renewed.
    pub expires_at: Timestamp,
    /// Where it was last renewed from.
    pub origin: SessionOrigin,
}
