//! Free-form profile documents.

use async_trait::async_trait;

use crate::{Failure, ProfileDocument, UserId};

/// Stores one document per user.
///
/// # Obligations
/// - `a_profile_is_kept_as_given`: equal as a JSON object to what was put.
/// - `putting_replaces`: nothing of the previous document is left.
/// - `an_unknown_profile_is_absent`.
/// - `several_profiles_are_found_at_once`: each once, however often it is asked for, in any order.
/// - `an_erased_profile_is_absent`: and erasing an absent one is fine.
#[async_trait]
pub trait Profiles: Send + Sync + 'static {
    /// The documents of those of these users who have one; callers ask for at most 500.
    async fn find(&self, users: &[UserId]) -> Result<Vec<(UserId, ProfileDocument)>, Failure>;

    /// Fails if a document could not be stored at present, so that a caller can avoid changing other data
    /// that belongs with it.
    async fn prepare(&self, user: UserId) -> Result<(), Failure> {
        self.find(&[user]).await.map(drop)
    }

    /// Stores a user's document.
    async fn put(&self, user: UserId, document: &ProfileDocument) -> Result<(), Failure>;

    /// Deletes a user's document.
    async fn erase(&self, user: UserId) -> Result<(), Failure>;
}
