//! Password hashing.

use async_trait::async_trait;

use crate::{Failure, Password, PasswordHash};

/// Hashes and verifies passwords, slowly on purpose and on threads of its own.
///
/// Its queue is bounded. When it is full, the call is [overloaded](Failure::overloaded): nothing was
/// done, so a flood of logins slows down only logins.
///
/// # Obligations
/// - `a_password_matches_its_own_hash`: and no other password does.
/// - `hashes_are_salted`: two hashes of one password differ.
/// - `nobodys_password_never_matches`: without a hash the answer is `false`, after the same work, so
///   that the timing does not reveal whether an account exists.
/// - `a_hash_that_cannot_be_read_is_a_failure`.
#[async_trait]
pub trait Passwords: Send + Sync + 'static {
    /// Hashes a password.
    async fn hash(&self, password: &Password) -> Result<PasswordHash, Failure>;

    /// Whether the password matches the hash.
    async fn verify(
        &self,
        password: &Password,
        hash: Option<&PasswordHash>,
    ) -> Result<bool, Failure>;
}
