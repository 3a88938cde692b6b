//! Sessions, that is, signed-in devices.

use std::net::IpAddr;

use crate::{SessionId, Timestamp, UserAgent, UserId};

/// Where a session was last used from, shown to its owner.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct SessionOrigin {
    /// The client's IP address.
    pub ip: Option<IpAddr>,
    /// The client's `User-Agent`.
    pub user_agent: UserAgent,
}

/// One signed-in device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Identifies the session.
    pub id: SessionId,
    /// The user who is signed in.
    pub user: UserId,
    /// When they signed in.
    pub created_at: Timestamp,
    /// When its tokens were last renewed.
    pub last_used_at: Timestamp,
    /// When it expires unless it is renewed.
    pub expires_at: Timestamp,
    /// Where it was last renewed from.
    pub origin: SessionOrigin,
}
