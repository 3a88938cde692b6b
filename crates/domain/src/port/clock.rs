//! What time it is.

use crate::Timestamp;

/// Tells the time. The only source of it, so that tests can hold it still.
///
/// # Obligations
/// - `now_is_the_machines_time`: to the second at least, in UTC.
/// - `time_goes_on`: within a moment, to the millisecond.
///
/// A clock that a test holds still owes nothing.
pub trait Clock: Send + Sync + 'static {
    /// Now.
    fn now(&self) -> Timestamp;
}
