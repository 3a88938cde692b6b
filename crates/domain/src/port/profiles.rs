//! Free documents that people keep about themselves.

use async_trait::async_trait;

use crate::{Failure, ProfileDocument, UserId};

/// Keeps one document a person.
///
/// # Obligations
/// - `a_profile_is_kept_as_given`: equal as a JSON object to what was put.
/// - `putting_replaces`: nothing of the document before is left.
/// - `an_unknown_profile_is_absent`.
/// - `several_profiles_are_found_at_once`: each once, however often it is asked for, in any order.
/// - `an_erased_profile_is_absent`: and erasing an absent one is fine.
#[async_trait]
pub trait Profiles: Send + Sync + 'static {
    /// The documents of these people, as far as they have any; at most 500 are asked for.
    async fn find(&self, users: &[UserId]) -> Result<Vec<(UserId, ProfileDocument)>, Failure>;

    /// Fails while a document could not be kept, so that nothing is changed elsewhere that was to change
    /// with it.
    async fn prepare(&self, user: UserId) -> Result<(), Failure> {
        self.find(&[user]).await.map(drop)
    }

    /// Keeps this document as the person's.
    async fn put(&self, user: UserId, document: &ProfileDocument) -> Result<(), Failure>;

    /// Keeps nothing of the person any more.
    async fn erase(&self, user: UserId) -> Result<(), Failure>;
}
