//! Points in time, with the millisecond precision of the wire format.

use std::ops::{Add, Sub};
use std::time::Duration;

/// A point in time in UTC, in milliseconds since 1970. Comes from the [`Clock`](crate::port::Clock) port.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

impl Timestamp {
    /// Makes a timestamp from milliseconds since 1970.
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// Milliseconds since 1970.
    pub const fn as_millis(self) -> i64 {
        self.0
    }

    /// Whole seconds since 1970, rounded down.
    pub const fn as_seconds(self) -> i64 {
        self.0.div_euclid(1000)
    }

    /// The time elapsed since `earlier`; zero if this is not later.
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_millis(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }
}

fn millis(span: Duration) -> i64 {
    i64::try_from(span.as_millis()).unwrap_or(i64::MAX)
}

impl Add<Duration> for Timestamp {
    type Output = Self;

    fn add(self, span: Duration) -> Self {
        Self(self.0.saturating_add(millis(span)))
    }
}

impl Sub<Duration> for Timestamp {
    type Output = Self;

    fn sub(self, span: Duration) -> Self {
        Self(self.0.saturating_sub(millis(span)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_add_and_subtract() {
        let start = Timestamp::from_millis(1_000);
        let later = start + Duration::from_millis(250);
        assert_eq!(later.as_millis(), 1_250);
        assert_eq!(later.since(start), Duration::from_millis(250));
        assert_eq!(later - Duration::from_millis(250), start);
    }

    #[test]
    fn the_past_is_no_span() {
        let start = Timestamp::from_millis(1_000);
        assert_eq!(start.since(start + Duration::from_secs(9)), Duration::ZERO);
    }
}
