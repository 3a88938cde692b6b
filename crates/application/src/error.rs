//! How a use case fails.

use std::time::Duration;

use domain::port::limiter::Limit;
use domain::{Failure, Refusal};

/// Why a use case was not carried out. What is refused or limited has changed nothing.
///
/// One type for all use cases, because every door translates it in one place and the set is closed:
/// [`Refusal`] lists all ways in which the product says no.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// It was understood and is not to be.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// Too much of it in too short a time.
    #[error("too many of these for now")]
    Limited(Quota),
    /// A backend did not do its part. What was stored before that stays stored.
    #[error("a backend did not do its part")]
    Failed(#[from] Failure),
}

/// What is left of a limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quota {
    /// What is limited, in a word: `message`.
    pub name: &'static str,
    /// The limit.
    pub limit: Limit,
    /// How many more are possible at once.
    pub remaining: u32,
    /// When all of it will be back.
    pub reset: Duration,
    /// When the next will be possible; zero while some remain.
    pub retry_after: Duration,
}
