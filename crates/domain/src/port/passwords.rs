//! Hashing of passwords.

use async_trait::async_trait;

use crate::{Failure, Password, PasswordHash};

/// Hashes and compares passwords, slowly on purpose and on threads of its own.
///
/// Its queue is bounded. When it is full, the call is [overloaded](Failure::overloaded): nothing was
/// done, and a storm of logins slows only logins.
///
/// # Obligations
/// - `a_password_matches_its_own_hash`: and no other password does.
/// - `hashes_are_salted`: two hashes of one password differ.
/// - `nobodys_password_never_matches`: without a hash the answer is `false`, after the same work, so
///   that the time does not tell whether an account exists.
/// - `a_hash_that_cannot_be_read_is_a_failure`.
#[async_trait]
pub trait Passwords: Send + Sync + 'static {
    /// Hashes a password.
    async fn hash(&self, password: &Password) -> Result<PasswordHash, Failure>;

    /// Whether the password is the one behind the hash.
    async fn verify(
        &self,
        password: &Password,
        hash: Option<&PasswordHash>,
    ) -> Result<bool, Failure>;
}
