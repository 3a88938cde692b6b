//! Free documents that people keep about themselves.

use async_trait::async_trait;

use crate::{Failure, ProfileDocument, UserId};

/// Keeps one document a person.
///
/// # Obligations
/// - `a_profile_is_kept_as_given`: equal as a JSON object to what was put.
/// - `putting_replaces`: nothing of the document before is left.
/// - `an_unknown_profile_is_absent`.
/// - `an_erased_profile_is_absent`: and erasing an absent one is fine.
#[async_trait]
pub trait Profiles: Send + Sync + 'static {
    /// A person's document.
    async fn find(&self, user: UserId) -> Result<Option<ProfileDocument>, Failure>;

    /// Keeps this document as the person's.
    async fn put(&self, user: UserId, document: &ProfileDocument) -> Result<(), Failure>;

    /// Keeps nothing of the person any more.
    async fn erase(&self, user: UserId) -> Result<(), Failure>;
}
