//! Users.

use crate::{Bio, DisplayName, Email, MediaId, Timestamp, UserId, Username};

/// A user's account, or what is left of an erased one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// Identifies the user.
    pub id: UserId,
    /// The name that they sign in with and are mentioned by.
    pub username: Username,
    /// The name that others see.
    pub display_name: DisplayName,
    /// Their e-mail address; `None` once the account was erased.
    pub email: Option<Email>,
    /// What they say about themselves.
    pub bio: Option<Bio>,
    /// Their picture.
    pub avatar: Option<MediaId>,
    /// When they registered.
    pub created_at: Timestamp,
    /// When they were last connected.
    pub last_seen_at: Option<Timestamp>,
    /// When the account was erased. Their messages stay, under this anonymous entry.
    pub erased_at: Option<Timestamp>,
}
