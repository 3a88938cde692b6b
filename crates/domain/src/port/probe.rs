//! Whether a backend answers.

use async_trait::async_trait;

use crate::Failure;

/// Asks one backend whether it is there and able to work, for health checks and `doctor`.
///
/// # Obligations
/// - `a_working_backend_passes`: as often as it is asked, also by many at once.
/// - `a_backend_that_is_away_fails`: with a failure, and within seconds.
/// - `a_name_is_plain_words`: everybody may read it, so it tells no address.
#[async_trait]
pub trait Probe: Send + Sync + 'static {
    /// What the backend is for, in plain words: `store`, `sessions`, `bus`.
    fn name(&self) -> &'static str;

    /// Does the least that proves the backend can do its work.
    async fn check(&self) -> Result<(), Failure>;
}
