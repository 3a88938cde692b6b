//! Which users have blocked which.

use async_trait::async_trait;

use crate::{Failure, Timestamp, UserId};

/// Stores blocks. A block is one-way: it belongs to the blocker, and the blocked user is not told.
///
/// # Obligations
/// - `a_block_has_a_direction`: it does not apply the other way round.
/// - `blocking_again_changes_nothing`.
/// - `unblocking_ends_a_block`: and unblocking a user who is not blocked is fine.
/// - `ones_blocks_are_listed`: by id, only current ones, and nobody else's.
#[async_trait]
pub trait Blocks: Send + Sync + 'static {
    /// Makes `blocker` block `blocked`.
    async fn block(&self, blocker: UserId, blocked: UserId, at: Timestamp) -> Result<(), Failure>;

    /// Lifts a block.
    async fn unblock(&self, blocker: UserId, blocked: UserId) -> Result<(), Failure>;

    /// The users whom `blocker` has blocked.
    async fn of(&self, blocker: UserId) -> Result<Vec<UserId>, Failure>;

    /// Whether `blocker` has blocked `blocked`.
    async fn is_blocked(&self, blocker: UserId, blocked: UserId) -> Result<bool, Failure>;
}
