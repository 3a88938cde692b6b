//! Who asks.

use domain::{SessionId, UserId};

/// Whoever a use case is carried out for: a person, signed in on a device. Made by
/// `Authenticate` alone, so whoever holds one has been believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Caller {
    /// The person.
    pub user: UserId,
    /// The device.
    pub session: SessionId,
}
