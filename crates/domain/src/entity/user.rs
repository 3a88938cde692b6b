//! People.

use crate::{Bio, DisplayName, Email, MediaId, Timestamp, UserId, Username};

/// A person with an account, or what is left of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// Names the person.
    pub id: UserId,
    /// What they sign in and are mentioned with.
    pub username: Username,
    /// What others read.
    pub display_name: DisplayName,
    /// Where to reach them. `None` once the account was erased.
    pub email: Option<Email>,
    /// What they say about themselves.
    pub bio: Option<Bio>,
    /// Their picture.
    pub avatar: Option<MediaId>,
    /// When they registered.
    pub created_at: Timestamp,
    /// When they were last connected.
    pub last_seen_at: Option<Timestamp>,
    /// When the account was erased. Their messages stay, under this nameless entry.
    pub erased_at: Option<Timestamp>,
}
