//! Clearing away what nobody can reach any more.

use async_trait::async_trait;

use crate::{Failure, Timestamp};

/// Clears a store, a little at a time, so that nobody waits behind a great deletion.
///
/// # Obligations
/// - `deleted_rooms_are_cleared_in_steps`: no call removes more than `limit` rows, and calls go on
///   until one answers 0.
/// - `expired_sessions_are_cleared`: with their tokens, where the store keeps sessions.
/// - `what_lives_is_spared`.
#[async_trait]
pub trait Upkeep: Send + Sync + 'static {
    /// Removes at most `limit` rows that nobody can reach; answers how many.
    async fn clear(&self, now: Timestamp, limit: usize) -> Result<usize, Failure>;
}
