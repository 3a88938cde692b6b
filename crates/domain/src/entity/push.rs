//! Devices that can be notified while they have no connection.

use crate::{PushEndpoint, PushKeys, SessionId, Timestamp, UserId};

/// A browser's push subscription.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PushSubscription {
    /// Where pushes are sent.
    pub endpoint: PushEndpoint,
    /// What pushes are encrypted with, so that only the browser can read them.
    pub keys: PushKeys,
    /// When it expires, if the browser said so.
    pub expires_at: Option<Timestamp>,
}

/// A signed-in device that can receive pushes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Device {
    /// The user who is signed in on it.
    pub user: UserId,
    /// Its session.
    pub session: SessionId,
    /// How it is reached.
    pub subscription: PushSubscription,
}
