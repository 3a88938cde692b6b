//! How a use case fails.

use std::time::Duration;

use domain::port::limiter::Limit;
use domain::{Failure, Refusal};

/// Why a use case failed. A refused or rate-limited call has changed nothing.
///
/// One type serves all use cases: every door translates it in a single place, and the set is
/// closed, since [`Refusal`] lists every way in which the product says no.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The request was understood and is not permitted.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// A rate limit was exceeded.
    #[error("rate limit exceeded")]
    Limited(Quota),
    /// A backend failed. Whatever had been stored before that stays stored.
    #[error("a backend failed")]
    Failed(#[from] Failure),
}

/// The state of a rate limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quota {
    /// The name of what is limited: `message`.
    pub name: &'static str,
    /// The limit.
    pub limit: Limit,
    /// How many more are allowed right now.
    pub remaining: u32,
    /// Time until the whole limit is available again.
    pub reset: Duration,
    /// Time until the next one is allowed; zero while some remain.
    pub retry_after: Duration,
}
