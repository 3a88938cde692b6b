//! The current time.

use crate::Timestamp;

/// Tells the time. The only source of it, so that tests can stop the clock.
///
/// # Obligations
/// - `now_is_the_machines_time`: in UTC, accurate to the second at least.
/// - `time_goes_on`: it advances with millisecond resolution.
///
/// A clock that tests control is exempt.
pub trait Clock: Send + Sync + 'static {
    /// Now.
    fn now(&self) -> Timestamp;
}
