//! The caller of a use case.

use domain::{SessionId, UserId};

/// The authenticated user on whose behalf a use case runs, and the device they are signed in on.
/// Only `Authenticate` creates one, so holding one proves that the access token was valid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Caller {
    /// The user.
    pub user: UserId,
    /// The device.
    pub session: SessionId,
}
