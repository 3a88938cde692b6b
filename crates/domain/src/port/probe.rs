//! Health checks of backends.

use async_trait::async_trait;

use crate::Failure;

/// Checks whether one backend is reachable and working, for health checks and `doctor`.
///
/// # Obligations
/// - `a_working_backend_passes`: every time, also with concurrent checks.
/// - `a_backend_that_is_away_fails`: with a failure, and within seconds.
/// - `a_name_is_plain_words`: the name is public, so it contains no address.
#[async_trait]
pub trait Probe: Send + Sync + 'static {
    /// What the backend is used for: `store`, `sessions`, `bus`.
    fn name(&self) -> &'static str;

    /// Does the minimum that proves the backend works.
    async fn check(&self) -> Result<(), Failure>;
}
