//! What may be spent in a day.

use async_trait::async_trait;

use crate::{Failure, Timestamp};

/// A day of the calendar in UTC, counted from 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(pub i64);

impl Day {
    /// The day of a moment.
    pub const fn of(moment: Timestamp) -> Self {
        const MILLIS: i64 = 24 * 60 * 60 * 1000;
        Self(moment.as_millis().div_euclid(MILLIS))
    }
}

/// Counts what all nodes spend of a day's budget.
///
/// What something will cost is known afterwards only, so as much as it may cost is set aside before,
/// and what it did cost takes its place.
///
/// # Obligations
/// - `no_more_is_set_aside_than_there_is`: also when asked at once; what is refused takes nothing.
/// - `what_was_not_spent_is_there_again`: once it is settled.
/// - `what_was_spent_beyond_counts`: more than was set aside, even more than there was.
/// - `days_are_counted_apart`.
#[async_trait]
pub trait Budget: Send + Sync + 'static {
    /// Sets an amount aside, if with it no more than `most` of the day is taken. Tells whether it did.
    async fn set_aside(&self, day: Day, amount: u64, most: u64) -> Result<bool, Failure>;

    /// Has what was spent take the place of what was set aside for it.
    async fn settle(&self, day: Day, set_aside: u64, spent: u64) -> Result<(), Failure>;

    /// How much of a day is taken, spent and set aside.
    async fn taken(&self, day: Day) -> Result<u64, Failure>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_begins_at_midnight() {
        let day = |millis| Day::of(Timestamp::from_millis(millis)).0;
        assert_eq!([0, 86_399_999, 86_400_000, -1].map(day), [0, 0, 1, -1]);
    }
}
