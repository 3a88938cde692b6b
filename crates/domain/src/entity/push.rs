//! Devices that are told of something while they have no connection.

use crate::{PushEndpoint, PushKeys, SessionId, Timestamp, UserId};

/// What a browser handed out, so that it can be reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PushSubscription {
    /// Where.
    pub endpoint: PushEndpoint,
    /// How only the browser can read it.
    pub keys: PushKeys,
    /// When it is good no longer, where the browser said so.
    pub expires_at: Option<Timestamp>,
}

/// A signed-in device that can be reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Device {
    /// Whose it is.
    pub user: UserId,
    /// As what it is signed in.
    pub session: SessionId,
    /// How it is reached.
    pub subscription: PushSubscription,
}
