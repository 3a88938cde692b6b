//! Daily budgets.

use async_trait::async_trait;

use crate::{Failure, Timestamp};

/// A calendar day in UTC, counted from 1970-01-01.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(pub i64);

impl Day {
    /// The day that contains a moment.
    pub const fn of(moment: Timestamp) -> Self {
        const MILLIS: i64 = 24 * 60 * 60 * 1000;
        Self(moment.as_millis().div_euclid(MILLIS))
    }
}

/// Tracks a daily budget that all nodes share.
///
/// The cost of an operation is known only afterwards, so its maximum is reserved before it starts, and
/// later replaced by its actual cost.
///
/// # Obligations
/// - `no_more_is_set_aside_than_there_is`: also by concurrent calls; a refused one reserves nothing.
/// - `what_was_not_spent_is_there_again`: once it is settled.
/// - `what_was_spent_beyond_counts`: even if it exceeds the reservation or the whole budget.
/// - `days_are_counted_apart`.
#[async_trait]
pub trait Budget: Send + Sync + 'static {
    /// Reserves an amount, unless that would exceed `most` for the day. Returns whether it did.
    async fn set_aside(&self, day: Day, amount: u64, most: u64) -> Result<bool, Failure>;

    /// Replaces a reservation by what was actually spent.
    async fn settle(&self, day: Day, set_aside: u64, spent: u64) -> Result<(), Failure>;

    /// How much of a day's budget is spent or reserved.
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
