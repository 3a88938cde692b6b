//! Whether a backend answers.

use async_trait::async_trait;

use crate::Failure;

/// Asks one backend whether it is there and able to work, for health checks and `doctor`.
#[async_trait]
pub trait Probe: Send + Sync + 'static {
    /// What the backend is for, in plain words: `store`, `sessions`, `bus`.
    fn name(&self) -> &'static str;

    /// Does the least that proves the backend can do its work.
    async fn check(&self) -> Result<(), Failure>;
}
