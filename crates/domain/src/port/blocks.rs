//! Who wants no direct messages from whom.

use async_trait::async_trait;

use crate::{Failure, Timestamp, UserId};

/// Keeps blocks. A block has a direction: it is the blocker's, and the other need not know.
///
/// # Obligations
/// - `a_block_has_a_direction`: the other way round is no block.
/// - `blocking_again_changes_nothing`.
/// - `unblocking_ends_a_block`: and unblocking someone who is not blocked is fine.
/// - `ones_blocks_are_listed`: by id, those alone that stand, and nobody else's.
#[async_trait]
pub trait Blocks: Send + Sync + 'static {
    /// From now on `blocker` takes nothing from `blocked`.
    async fn block(&self, blocker: UserId, blocked: UserId, at: Timestamp) -> Result<(), Failure>;

    /// Takes that back.
    async fn unblock(&self, blocker: UserId, blocked: UserId) -> Result<(), Failure>;

    /// From whom somebody takes nothing.
    async fn of(&self, blocker: UserId) -> Result<Vec<UserId>, Failure>;

    /// Whether `blocker` takes nothing from `blocked`.
    async fn is_blocked(&self, blocker: UserId, blocked: UserId) -> Result<bool, Failure>;
}
