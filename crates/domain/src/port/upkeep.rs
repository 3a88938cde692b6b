//! Deleting data that is no longer reachable.

use async_trait::async_trait;

use crate::{Failure, Timestamp};

/// Cleans up a store in small steps, so that no request waits behind a large deletion.
///
/// # Obligations
/// - `deleted_rooms_are_cleared_in_steps`: no call deletes more than `limit` rows, and calls are repeated
///   until one returns 0.
/// - `expired_sessions_are_cleared`: with their tokens, if the store keeps sessions.
/// - `what_lives_is_spared`.
#[async_trait]
pub trait Upkeep: Send + Sync + 'static {
    /// Deletes at most `limit` unreachable rows; returns how many.
    async fn clear(&self, now: Timestamp, limit: usize) -> Result<usize, Failure>;
}
